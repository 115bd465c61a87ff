package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.linux.SocketFilter.Instruction;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GreFilterTest {

    @Property
    void exactlyOneWorkerReceivesACall(@ForAll @IntRange(max = 0xffff) int callId,
            @ForAll @IntRange(min = 1, max = 64) int workers) {
        ByteBuffer packet = packet(24, 0x3081, 0x880b, callId);
        for (int index = 0; index < workers; index++) {
            assertThat(run(GreFilter.forWorker(index, workers), packet) > 0).isEqualTo(callId % workers == index);
        }
    }

    @Test
    void otherGreIsNotReceived() {
        SocketFilter filter = GreFilter.forWorker(0, 1);
        assertThat(run(filter, packet(20, 0x3001, 0x880b, 1))).isPositive();
        assertThat(run(filter, packet(20, 0x3000, 0x880b, 1))).as("version 0").isZero();
        assertThat(run(filter, packet(20, 0x3002, 0x880b, 1))).as("version 2").isZero();
        assertThat(run(filter, packet(20, 0x2001, 0x0800, 1))).as("IP in GRE").isZero();
        assertThat(run(GreFilter.nothing(), packet(20, 0x3001, 0x880b, 1))).isZero();
    }

    @Property
    void randomBytesAreDecidedWithoutReadingBeyondThem(@ForAll @Size(max = 80) byte[] bytes) {
        assertThat(run(GreFilter.forWorker(0, 2), ByteBuffer.wrap(bytes))).isIn(0, 0x40000);
    }

    @Test
    void aWorkerThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> GreFilter.forWorker(2, 2)).hasMessage("there is no worker 2 of 2");
    }

    private static ByteBuffer packet(int ipHeader, int flagsAndVersion, int protocol, int callId) {
        ByteBuffer packet = ByteBuffer.allocate(ipHeader + 12);
        packet.put(0, (byte) (0x40 | ipHeader / 4))
                .putShort(ipHeader, (short) flagsAndVersion)
                .putShort(ipHeader + 2, (short) protocol)
                .putShort(ipHeader + 6, (short) callId);
        return packet;
    }

    /** The part of the kernel's classic BPF machine that the filters use; a load beyond the packet ends with 0. */
    private static int run(SocketFilter filter, ByteBuffer packet) {
        int accumulator = 0;
        int index = 0;
        for (int at = 0; at < filter.instructions().size(); at++) {
            Instruction instruction = filter.instructions().get(at);
            int operand = instruction.operand();
            switch (instruction.code()) {
                case 0xb1 -> {
                    if (operand >= packet.capacity()) {
                        return 0;
                    }
                    index = 4 * (packet.get(operand) & 0xf);
                }
                case 0x48 -> {
                    if (index + operand + 2 > packet.capacity()) {
                        return 0;
                    }
                    accumulator = packet.getShort(index + operand) & 0xffff;
                }
                case 0x54 -> accumulator &= operand;
                case 0x94 -> accumulator %= operand;
                case 0x15 -> at += accumulator == operand ? instruction.ifTrue() : instruction.ifFalse();
                case 0x06 -> {
                    return operand;
                }
                default -> throw new AssertionError("no such instruction: " + instruction);
            }
        }
        throw new AssertionError("the filter ends without a verdict");
    }
}
