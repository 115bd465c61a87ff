package io.pptpoperator.dataplane.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library's functions under their own names, through JNA direct mapping. Every argument is a primitive, and a
 * pointer is a {@code long} address: with anything else a call costs twice as much or allocates. All return -1 on
 * failure and leave the cause to {@link #errno()}.
 */
final class Libc {

    // asm-generic/fcntl.h; the same on x86_64 and aarch64
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;

    static final int MSG_CTRUNC = 0x8;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_ERRQUEUE = 0x2000;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;

    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_PACKET = 17;
    static final int AF_XDP = 44;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_SEQPACKET = 5;
    static final int SOCK_NONBLOCK = O_NONBLOCK;
    static final int SOCK_CLOEXEC = O_CLOEXEC;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MAP_POPULATE = 0x8000;

    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_PEERCRED = 17;
    static final int SO_RCVTIMEO = 20;
    static final int SO_SNDTIMEO = 21;
    static final int SO_ATTACH_FILTER = 26;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_MEMINFO = 55;
    static final int SCM_RIGHTS = 1;
    static final int SHUT_RDWR = 2;

    static {
        // Not "libc.so.6" by name: the process has it loaded already, whatever it is called here.
        Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    /** The calling thread's error number of its last failed call here. */
    static int errno() {
        return Native.getLastError();
    }

    static native int open(long path, int flags);

    static native int close(int fd);

    static native int ioctl(int fd, long request, long argument);

    static native long read(int fd, long buffer, long length);

    static native long write(int fd, long buffer, long length);

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, long address, int length);

    static native int connect(int fd, long address, int length);

    static native int listen(int fd, int backlog);

    static native int accept4(int fd, long address, long length, int flags);

    static native int shutdown(int fd, int how);

    static native int geteuid();

    static native long sendmsg(int fd, long message, int flags);

    static native long recvmsg(int fd, long message, int flags);

    static native int getsockname(int fd, long address, long length);

    static native int setsockopt(int fd, int level, int option, long value, int length);

    static native int getsockopt(int fd, int level, int option, long value, long length);

    static native long recv(int fd, long buffer, long length, int flags);

    static native long send(int fd, long buffer, long length, int flags);

    static native long sendto(int fd, long buffer, long length, int flags, long address, int addressLength);

    static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long length);

    static native int recvmmsg(int fd, long messages, int count, int flags, long timeout);

    static native int sendmmsg(int fd, long messages, int count, int flags);

    static native int ppoll(long descriptors, long count, long timeout, long signals);

    static native int eventfd(int initial, int flags);

    static native int clock_gettime(int clock, long time);

    static native int sched_getaffinity(int thread, long size, long mask);

    static native int sched_setaffinity(int thread, long size, long mask);

    static native int sched_setscheduler(int thread, int policy, long parameter);
}
