package io.pptpoperator.dataplane.linux;

import java.util.HashMap;
import java.util.Map;

/** Error numbers of Linux (asm-generic/errno.h, the same on x86_64 and aarch64), their names and what they mean. */
public final class Errno {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENOSYS = 38;
    public static final int ENODATA = 61;
    public static final int EBADFD = 77;
    public static final int ENOTSOCK = 88;
    public static final int EMSGSIZE = 90;
    public static final int ENOPROTOOPT = 92;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;

    private record Meaning(String name, String text) {}

    private static final Map<Integer, Meaning> MEANINGS = new HashMap<>();

    static {
        put(EPERM, "EPERM", "operation not permitted");
        put(ENOENT, "ENOENT", "no such file or object");
        put(ESRCH, "ESRCH", "no such process or object");
        put(EINTR, "EINTR", "interrupted by a signal");
        put(EIO, "EIO", "input/output error");
        put(ENXIO, "ENXIO", "no such device or address");
        put(EBADF, "EBADF", "not an open file");
        put(EAGAIN, "EAGAIN", "nothing there yet, or no room");
        put(ENOMEM, "ENOMEM", "out of memory");
        put(EACCES, "EACCES", "access denied");
        put(EBUSY, "EBUSY", "in use");
        put(EEXIST, "EEXIST", "exists already");
        put(ENODEV, "ENODEV", "no such device");
        put(EINVAL, "EINVAL", "invalid argument");
        put(EMFILE, "EMFILE", "too many open files in this process");
        put(ENOSPC, "ENOSPC", "no space left");
        put(EROFS, "EROFS", "read-only file system");
        put(EPIPE, "EPIPE", "the other end is closed");
        put(ERANGE, "ERANGE", "out of range");
        put(ENOSYS, "ENOSYS", "this kernel has no such system call");
        put(ENODATA, "ENODATA", "no data");
        put(EBADFD, "EBADFD", "the file is in the wrong state");
        put(ENOTSOCK, "ENOTSOCK", "not a socket");
        put(EMSGSIZE, "EMSGSIZE", "message too long");
        put(ENOPROTOOPT, "ENOPROTOOPT", "protocol not available");
        put(EPROTONOSUPPORT, "EPROTONOSUPPORT", "protocol not supported by this kernel");
        put(EOPNOTSUPP, "EOPNOTSUPP", "not supported");
        put(EAFNOSUPPORT, "EAFNOSUPPORT", "address family not supported by this kernel");
        put(EADDRINUSE, "EADDRINUSE", "address in use");
        put(EADDRNOTAVAIL, "EADDRNOTAVAIL", "not an address of this host");
        put(ENETDOWN, "ENETDOWN", "the network interface is down");
        put(ENETUNREACH, "ENETUNREACH", "no route to that network");
        put(ECONNRESET, "ECONNRESET", "the other end closed the connection");
        put(ENOBUFS, "ENOBUFS", "no buffer space");
        put(ETIMEDOUT, "ETIMEDOUT", "timed out");
        put(ECONNREFUSED, "ECONNREFUSED", "connection refused");
        put(EHOSTUNREACH, "EHOSTUNREACH", "no route to that host");
    }

    private Errno() {}

    private static void put(int errno, String name, String text) {
        MEANINGS.put(errno, new Meaning(name, text));
    }

    /** The name of {@code errno}, such as {@code EPERM}; {@code errno 123} when it is none of the usual ones. */
    public static String name(int errno) {
        Meaning meaning = MEANINGS.get(errno);
        return meaning == null ? "errno " + errno : meaning.name();
    }

    /** Name and meaning of {@code errno}, such as {@code EPERM, operation not permitted}. */
    public static String describe(int errno) {
        Meaning meaning = MEANINGS.get(errno);
        return meaning == null ? name(errno) : meaning.name() + ", " + meaning.text();
    }
}
