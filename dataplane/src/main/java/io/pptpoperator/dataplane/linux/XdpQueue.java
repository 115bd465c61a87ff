package io.pptpoperator.dataplane.linux;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A queue of a link as XDP sockets share it: the first that was bound to it, and the ring in which the kernel gives the
 * frames of all of them back.
 */
final class XdpQueue {

    private final int number;
    private final KernelSocket first;
    private final XdpRing completions;
    private final XdpFrames frames;
    private final AtomicBoolean busy = new AtomicBoolean();

    XdpQueue(int number, KernelSocket first, XdpRing completions, XdpFrames frames) {
        this.number = number;
        this.first = first;
        this.completions = completions;
        this.frames = frames;
    }

    /** Its number on the link. */
    int number() {
        return number;
    }

    /** Whose memory and completion ring others share. */
    KernelSocket first() {
        return first;
    }

    /** Takes back what the kernel has done with, whosever it is; nothing when another worker is just at it. */
    void takeBack() {
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        int end = completions.produced();
        int start = completions.consumed();
        for (int i = start; i != end; i++) {
            frames.giveBack((int) (completions.frame(i) / XdpFrames.SIZE));
        }
        if (start != end) {
            completions.consumed(end);
        }
        busy.set(false);
    }

    void unmap() {
        completions.unmap();
    }
}
