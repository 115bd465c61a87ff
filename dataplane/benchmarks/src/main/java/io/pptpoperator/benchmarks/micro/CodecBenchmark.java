package io.pptpoperator.benchmarks.micro;

import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.EchoRequest;
import io.pptpoperator.protocol.gre.GreHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Headers and messages, written and read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    private static final int PAYLOAD = 1400;

    private final ByteBuffer packet = ByteBuffer.allocateDirect(2048);
    private int sequence;

    /** A control message through both directions of its codec. */
    @Benchmark
    public ControlMessage controlMessage() {
        return ControlMessageCodec.decode(ByteBuffer.wrap(ControlMessageCodec.encode(new EchoRequest(sequence++))));
    }

    /** A GRE header with sequence and acknowledgment numbers, written and checked. */
    @Benchmark
    public int greHeader() {
        GreHeader.writeDataWithAck(packet, 0, 7, PAYLOAD, sequence++, sequence);
        return GreHeader.validate(packet, 0, GreHeader.DATA_WITH_ACK_LENGTH + PAYLOAD);
    }
}
