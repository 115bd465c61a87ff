package io.pptpoperator.dataplane.admin.metrics;

import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What {@link ServerMetrics} asks when it is read. Every supplier answers at once, from any thread.
 *
 * @param sessions sessions now
 * @param pendingConnections control connections now that have not logged in yet
 * @param poolSize addresses of the pool
 * @param poolUsed addresses of the pool that are leased now
 * @param traffic what passed so far
 * @param sending how GRE leaves
 * @param drops packets dropped so far, by cause, such as {@code spoofed-source}
 * @param reordered packets so far that arrived early and were put in order
 * @param mppeResets resets of stateful MPPE so far
 * @param controlMessagesDropped messages of control connections that were beyond their budget so far
 * @param logLinesDropped log lines dropped so far because nobody read them, by level
 * @param endReasons every reason why a session can end
 * @param limits every limit that can refuse a client
 */
public record MetricSources(LongSupplier sessions, LongSupplier pendingConnections, LongSupplier poolSize,
        LongSupplier poolUsed, Traffic traffic, Sending sending, Map<? extends Enum<?>, LongSupplier> drops,
        LongSupplier reordered, LongSupplier mppeResets, LongSupplier controlMessagesDropped,
        Map<? extends Enum<?>, LongSupplier> logLinesDropped, List<TerminationReason> endReasons,
        List<? extends Enum<?>> limits) {

    /**
     * Inner packets and their bytes; "in" is from the clients.
     */
    public record Traffic(LongSupplier bytesIn, LongSupplier bytesOut, LongSupplier packetsIn,
            LongSupplier packetsOut) {}

    /**
     * How GRE leaves.
     *
     * @param packets GRE packets sent so far, by way
     * @param obstacles everything that can keep packets from packet sockets, and whether it does
     * @param xdpObstacles the same for XDP sockets, as for packets that packet sockets may take
     */
    public record Sending(Map<? extends Enum<?>, LongSupplier> packets,
            Map<? extends Enum<?>, BooleanSupplier> obstacles, Map<? extends Enum<?>, BooleanSupplier> xdpObstacles) {}
}
