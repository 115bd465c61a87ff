package io.pptpoperator.dataplane.linux;

import io.pptpoperator.dataplane.linux.SocketFilter.Instruction;
import java.util.List;

/** Filters for raw GRE sockets; a raw IPv4 socket's packet begins with the outer IP header. */
public final class GreFilter {

    /** Enhanced GRE's protocol type (RFC 2637 section 4.1). */
    private static final int PROTOCOL_PPP = 0x880b;

    // linux/bpf_common.h
    private static final int LOAD_IP_HEADER_LENGTH_TO_X = 0xb1; // BPF_LDX | BPF_B | BPF_MSH
    private static final int LOAD_HALF_AT_X = 0x48; // BPF_LD | BPF_H | BPF_IND
    private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
    private static final int MODULO = 0x94; // BPF_ALU | BPF_MOD | BPF_K
    private static final int JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private static final int RETURN = 0x06; // BPF_RET | BPF_K

    /** Bytes of the packet that a filter lets through: all of them. */
    private static final int WHOLE_PACKET = 0x40000;

    private GreFilter() {}

    /** Lets nothing through. */
    public static SocketFilter nothing() {
        return new SocketFilter(List.of(new Instruction(RETURN, 0, 0, 0)));
    }

    /**
     * Lets enhanced GRE through (version 1, protocol type 0x880B; RFC 2637 section 4.1) whose Call ID, modulo
     * {@code workers}, is {@code index}: each worker's socket so receives its own calls only. A packet too short for
     * the fields is not let through.
     *
     * @throws IllegalArgumentException unless {@code 0 <= index < workers <= 65536}
     */
    public static SocketFilter forWorker(int index, int workers) {
        if (workers < 1 || workers > 65536 || index < 0 || index >= workers) {
            throw new IllegalArgumentException("there is no worker " + index + " of " + workers);
        }
        int reject = 9;
        return new SocketFilter(List.of(new Instruction(LOAD_IP_HEADER_LENGTH_TO_X, 0, 0, 0),
                new Instruction(LOAD_HALF_AT_X, 0, 0, 0), new Instruction(AND, 0, 0, 0x0007),
                new Instruction(JUMP_IF_EQUAL, 0, reject - 4, 1), new Instruction(LOAD_HALF_AT_X, 0, 0, 2),
                new Instruction(JUMP_IF_EQUAL, 0, reject - 6, PROTOCOL_PPP), new Instruction(LOAD_HALF_AT_X, 0, 0, 6),
                new Instruction(MODULO, 0, 0, workers), new Instruction(JUMP_IF_EQUAL, 1, 0, index),
                new Instruction(RETURN, 0, 0, 0), new Instruction(RETURN, 0, 0, WHOLE_PACKET)));
    }
}
