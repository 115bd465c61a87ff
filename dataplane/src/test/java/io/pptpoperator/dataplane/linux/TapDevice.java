package io.pptpoperator.dataplane.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The end that a program has of a tap device: whole Ethernet frames. For one thread. */
public final class TapDevice implements AutoCloseable {

    /** The longest frame of an Ethernet whose MTU is 1500, in bytes. */
    public static final int LONGEST_FRAME = 1514;

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int IFF_TAP = 0x0002;
    private static final int IFF_NO_PI = 0x1000;
    private static final long TUNSETIFF = 0x400454caL;
    private static final int IFREQ = 40;
    private static final int IFR_FLAGS = 16;

    /** The one call that only this needs. */
    private static final class Calls {

        static {
            Native.register(Calls.class, NativeLibrary.getProcess());
        }

        static native int setns(int fd, int type);
    }

    private final int fd;

    private TapDevice(int fd) {
        this.fd = fd;
    }

    /**
     * Opens a device, which is made unless it is there.
     *
     * @param namespace the file of the network namespace that it is in
     * @throws LinuxException when it cannot be opened
     */
    public static TapDevice open(Path namespace, String name) {
        var opened = new CompletableFuture<TapDevice>();
        // In a thread of its own, which enters the namespace and ends there.
        Thread.ofPlatform().start(() -> {
            try {
                enter(namespace);
                opened.complete(attach(name));
            } catch (RuntimeException | Error e) {
                opened.completeExceptionally(e);
            }
        });
        return opened.join();
    }

    private static void enter(Path namespace) {
        int file = openFile(namespace.toString(), Libc.O_RDONLY);
        int entered = Calls.setns(file, CLONE_NEWNET);
        int errno = Libc.errno();
        Libc.close(file);
        if (entered < 0) {
            throw new LinuxException("setns(" + namespace + ")", errno, "cannot enter the namespace");
        }
    }

    private static TapDevice attach(String name) {
        int device = openFile(TunDevice.PATH, Libc.O_RDWR | Libc.O_NONBLOCK);
        NativeBuffer request = NativeBuffer.ofStructure(IFREQ);
        request.buffer().put(0, name.getBytes(StandardCharsets.US_ASCII));
        request.buffer().putShort(IFR_FLAGS, (short) (IFF_TAP | IFF_NO_PI));
        if (Libc.ioctl(device, TUNSETIFF, request.address()) < 0) {
            int errno = Libc.errno();
            Libc.close(device);
            throw new LinuxException("ioctl(TUNSETIFF)", errno, "cannot open the tap device " + name);
        }
        return new TapDevice(device);
    }

    private static int openFile(String path, int flags) {
        int fd = Libc.open(NativeBuffer.ofString(path).address(), flags | Libc.O_CLOEXEC);
        if (fd < 0) {
            throw new LinuxException("open(" + path + ")", Libc.errno(), "cannot open it");
        }
        return fd;
    }

    /** The file descriptor, for a {@link Poller}. */
    public int fd() {
        return fd;
    }

    /** The next frame that the kernel sends out of the device into {@code room}; its length, or 0 when there is none. */
    public int read(NativeBuffer room) {
        return (int) Math.max(0, Libc.read(fd, room.address(), room.size()));
    }

    /** Gives the kernel the first {@code length} bytes as a frame that came in; one that it does not take is lost. */
    public void write(NativeBuffer frame, int length) {
        Libc.write(fd, frame.address(), length);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
