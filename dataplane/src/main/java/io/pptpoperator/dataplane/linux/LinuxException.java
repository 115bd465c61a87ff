package io.pptpoperator.dataplane.linux;

import java.io.Serial;

/** A call to the kernel failed. The message is a sentence for an administrator, followed by the call and its errno. */
public class LinuxException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    /**
     * A failed call.
     *
     * @param call its name as strace shows it, such as {@code ioctl(TUNSETIFF)}
     * @param errno the positive error number
     * @param sentence what could not be done and what to do about it, without a full stop
     */
    public LinuxException(String call, int errno, String sentence) {
        super(sentence + " [" + call + ": " + Errno.describe(errno) + "]");
        this.call = call;
        this.errno = errno;
    }

    /** The call that failed, as strace shows it. */
    public String call() {
        return call;
    }

    /** Its error number, positive; see {@link Errno}. */
    public int errno() {
        return errno;
    }
}
