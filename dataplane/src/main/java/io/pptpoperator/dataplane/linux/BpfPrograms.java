package io.pptpoperator.dataplane.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.ref.Reference;

/** Which BPF programs a link has: bpf(2). */
public final class BpfPrograms {

    /** The C library has no function for this call, whose number differs between architectures. */
    private static final int SYS_BPF_X86_64 = 321;
    private static final int SYS_BPF_AARCH64 = 280;
    private static final int SYS_BPF = "aarch64".equals(System.getProperty("os.arch"))
            ? SYS_BPF_AARCH64
            : SYS_BPF_X86_64;
    private static final int BPF_PROG_QUERY = 16;
    private static final int BPF_TCX_EGRESS = 47;
    /**
     * {@code union bpf_attr} of BPF_PROG_QUERY: {@code u32 target_ifindex, attach_type, query_flags, attach_flags},
     * {@code u64 prog_ids}, {@code u32 count}, a pad, three pointers and {@code u64 revision}.
     */
    private static final int QUERY = 64;
    private static final int QUERY_ATTACH_TYPE = 4;
    private static final int QUERY_COUNT = 24;

    static {
        Native.register(BpfPrograms.class, NativeLibrary.getProcess());
    }

    private BpfPrograms() {}

    /** syscall(2). */
    private static native long syscall(long number, long command, long attributes, long size);

    /**
     * How many programs see what leaves through a link in traffic control (tcx); 0 where the kernel has no such
     * programs, which came with Linux 6.6.
     *
     * @throws LinuxException when it is not told: without CAP_NET_ADMIN, or by a seccomp profile
     */
    public static int atEgress(int linkIndex) {
        NativeBuffer query = NativeBuffer.ofStructure(QUERY);
        query.buffer().putInt(0, linkIndex);
        query.buffer().putInt(QUERY_ATTACH_TYPE, BPF_TCX_EGRESS);
        try {
            if (syscall(SYS_BPF, BPF_PROG_QUERY, query.address(), QUERY) == 0) {
                return query.buffer().getInt(QUERY_COUNT);
            }
        } finally {
            Reference.reachabilityFence(query);
        }
        int errno = Native.getLastError();
        return switch (errno) {
            case Errno.EINVAL, Errno.ENOSYS, Errno.ENODEV -> 0;
            default -> throw new LinuxException("bpf(BPF_PROG_QUERY)", errno, "cannot see the BPF programs of link "
                    + linkIndex + (errno == Errno.EPERM ? ": a seccomp profile may refuse bpf(2)" : ""));
        };
    }
}
