package io.pptpoperator.operator.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of pods' answers the operator holds unread at once, over all pods: whoever may create PptpServers chooses
 * what runs in them, and must not fill the operator's memory. Safe for use by many threads.
 */
public final class AnswerMemory {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /**
     * A memory for answers.
     *
     * @param most how many bytes
     */
    public AnswerMemory(long most) {
        this.most = most;
    }

    /** Takes room for bytes that have come; false when there is none, and nothing was taken. */
    boolean take(int bytes) {
        if (taken.addAndGet(bytes) > most) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Gives room back. */
    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** How many bytes are held. */
    long taken() {
        return taken.get();
    }
}
