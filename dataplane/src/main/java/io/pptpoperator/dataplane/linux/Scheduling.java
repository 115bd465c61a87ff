package io.pptpoperator.dataplane.linux;

/** How the kernel shares its CPUs between the calling thread and others: sched_setscheduler(2). */
public final class Scheduling {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_RR = 2;
    /** Threads that this one starts are ordinary ones. */
    private static final int SCHED_RESET_ON_FORK = 0x40000000;
    /** {@code struct sched_param}: one int. The least of the real-time priorities is above all ordinary threads. */
    private static final NativeBuffer LEAST_PRIORITY = parameter(1);
    private static final NativeBuffer NO_PRIORITY = parameter(0);
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;
    /** {@code struct timespec}: seconds and nanoseconds, 64 bits each. */
    private static final int TIMESPEC = 16;
    private static final ThreadLocal<NativeBuffer> CPU_TIME = ThreadLocal
            .withInitial(() -> NativeBuffer.ofStructure(TIMESPEC));

    private Scheduling() {}

    private static NativeBuffer parameter(int priority) {
        NativeBuffer parameter = NativeBuffer.ofStructure(Integer.BYTES);
        parameter.buffer().putInt(0, priority);
        return parameter;
    }

    /**
     * From now on the calling thread runs as soon as it can, whatever ordinary threads would like to.
     *
     * @return 0, or a negative error number: EPERM without CAP_SYS_NICE
     */
    public static int aheadOfOthers() {
        return set(SCHED_RR | SCHED_RESET_ON_FORK, LEAST_PRIORITY);
    }

    /** From now on the calling thread takes its turn with all others; 0, or a negative error number. */
    public static int asOthers() {
        return set(SCHED_OTHER, NO_PRIORITY);
    }

    /** CPU time that the calling thread has had, in nanoseconds. */
    public static long cpuNanos() {
        NativeBuffer time = CPU_TIME.get();
        if (Libc.clock_gettime(CLOCK_THREAD_CPUTIME_ID, time.address()) < 0) {
            throw new LinuxException("clock_gettime", Libc.errno(), "cannot read the CPU time of a thread");
        }
        return time.buffer().getLong(0) * 1_000_000_000 + time.buffer().getLong(Long.BYTES);
    }

    private static int set(int policy, NativeBuffer parameter) {
        return Libc.sched_setscheduler(0, policy, parameter.address()) < 0 ? -Libc.errno() : 0;
    }
}
