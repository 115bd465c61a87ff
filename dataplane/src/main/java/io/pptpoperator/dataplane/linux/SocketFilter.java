package io.pptpoperator.dataplane.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A classic BPF program that decides in the kernel which packets a socket receives
 * (Documentation/networking/filter.rst).
 *
 * @param instructions what it runs, from the first
 */
public record SocketFilter(List<Instruction> instructions) {

    /**
     * {@code struct sock_filter}: {@code u16 code} at 0, {@code u8 jt} at 2, {@code u8 jf} at 3, {@code u32 k} at 4.
     */
    private static final int SOCK_FILTER = 8;
    /** {@code struct sock_fprog}: {@code u16 len} at 0, {@code struct sock_filter *filter} at 8. */
    private static final int SOCK_FPROG = 16;

    /**
     * One instruction.
     *
     * @param code what to do (linux/bpf_common.h)
     * @param ifTrue instructions to skip when a comparison holds
     * @param ifFalse instructions to skip when it does not
     * @param operand the constant {@code k}
     */
    public record Instruction(int code, int ifTrue, int ifFalse, int operand) {}

    /** Takes a copy of the list. */
    public SocketFilter {
        instructions = List.copyOf(instructions);
    }

    /** Attaches this filter to {@code socket} in place of any before: 0, or a negative error number. */
    int attach(KernelSocket socket) {
        NativeBuffer code = NativeBuffer.ofStructure(instructions.size() * SOCK_FILTER);
        ByteBuffer bytes = code.buffer();
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            int at = i * SOCK_FILTER;
            bytes.putShort(at, (short) instruction.code());
            bytes.put(at + 2, (byte) instruction.ifTrue());
            bytes.put(at + 3, (byte) instruction.ifFalse());
            bytes.putInt(at + 4, instruction.operand());
        }
        NativeBuffer program = NativeBuffer.ofStructure(SOCK_FPROG);
        program.buffer().putShort(0, (short) instructions.size());
        program.buffer().putLong(8, code.address());
        try {
            return socket.setOption(Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, program);
        } finally {
            Reference.reachabilityFence(code);
        }
    }
}
