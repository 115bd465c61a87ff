package io.pptpoperator.dataplane.linux;

import java.util.ArrayList;
import java.util.List;

/** Which CPUs a thread may run on: sched_setaffinity(2). Only platform threads have one. */
public final class CpuAffinity {

    /** {@code cpu_set_t} is a bit mask of 64-bit words in native order; this size covers 4,096 CPUs. */
    private static final int MASK_BYTES = 512;

    private CpuAffinity() {}

    /** The CPUs that the calling thread may use, ascending: fewer than the machine's in a pod with a CPU set. */
    public static List<Integer> allowed() {
        NativeBuffer mask = NativeBuffer.ofStructure(MASK_BYTES);
        if (Libc.sched_getaffinity(0, MASK_BYTES, mask.address()) < 0) {
            throw new LinuxException("sched_getaffinity", Libc.errno(), "cannot learn the CPUs of this process");
        }
        List<Integer> cpus = new ArrayList<>();
        for (int cpu = 0; cpu < MASK_BYTES * 8; cpu++) {
            if ((mask.buffer().getLong(cpu / 64 * Long.BYTES) >>> cpu & 1) != 0) {
                cpus.add(cpu);
            }
        }
        return List.copyOf(cpus);
    }

    /** Restricts the calling thread to {@code cpu}: 0, or a negative error number (EINVAL when it is not allowed). */
    public static int pinCurrentThread(int cpu) {
        if (cpu < 0 || cpu >= MASK_BYTES * 8) {
            return -Errno.EINVAL;
        }
        NativeBuffer mask = NativeBuffer.ofStructure(MASK_BYTES);
        mask.buffer().putLong(cpu / 64 * Long.BYTES, 1L << cpu);
        return Libc.sched_setaffinity(0, MASK_BYTES, mask.address()) < 0 ? -Libc.errno() : 0;
    }
}
