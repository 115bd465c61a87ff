package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import io.pptpoperator.protocol.radius.PacketAuthentication.Demand;
import io.pptpoperator.protocol.radius.RadiusAttribute;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusPacket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Servers that answer in memory, as a test says, when a test says so. */
final class ScriptedServers implements Asking {
    private static final byte[] SECRET = "s3cret".getBytes(StandardCharsets.UTF_8);

    /** What they are asked, in the order of time. */
    final List<RadiusPacket> requests = new ArrayList<>();
    private final Deque<Runnable> outstanding = new ArrayDeque<>();
    /** What they answer; empty for nothing. */
    Function<RadiusPacket, Optional<RadiusPacket>> behaviour = request -> Optional.empty();
    boolean accounting = true;

    private final RadiusServer server = new RadiusServer("radius", 0,
            Optional.of(InetSocketAddress.createUnresolved("radius", 1812)),
            Optional.of(InetSocketAddress.createUnresolved("radius", 1813)), new PacketAuthentication(SECRET),
            Demand.MESSAGE_AUTHENTICATOR, Optional.empty());

    static RadiusPacket reply(RadiusPacket request, RadiusCode code, RadiusAttribute... attributes) {
        return new RadiusPacket(code, request.identifier(), new byte[16], List.of(attributes));
    }

    @Override
    public boolean serves(Purpose purpose) {
        return purpose == Purpose.LOGIN || accounting;
    }

    @Override
    public Runnable ask(Purpose purpose, int affinity, RadiusClient.Request request,
            Consumer<RadiusClient.Outcome> then) {
        byte[] random = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        RadiusPacket packet = request.packet(requests.size() & 0xff, random, server.authentication());
        requests.add(packet);
        outstanding.add(() -> then.accept(behaviour
                .apply(packet).<RadiusClient
                        .Outcome>map(reply -> new RadiusClient.Outcome.Answered(server, packet, reply))
                .orElseGet(() -> new RadiusClient.Outcome.Unanswered("radius does not answer"))));
        return () -> {};
    }

    /** All that is asked is answered, and what is asked thereupon. */
    void answer() {
        while (!outstanding.isEmpty()) {
            outstanding.remove().run();
        }
    }
}
