package io.pptpoperator.dataplane.log;

import io.pptpoperator.dataplane.config.ServerConfig.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * Log lines on their way out, which one thread writes: whoever logs never waits for whoever reads. When nobody reads,
 * {@link #MOST_BYTES} are kept and what comes then is dropped and counted, the less important lines first, so that a
 * flood of them leaves room for errors. Once lines flow again, one of them says how many were dropped.
 */
final class LogQueue {

    /** What waits at most, in bytes. */
    static final int MOST_BYTES = 2 << 20;
    /** What is handed to the operating system at once. */
    private static final int BATCH_BYTES = 64 << 10;

    private record Line(Log.Level level, byte[] bytes) {}

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Condition written = lock.newCondition();
    private final Deque<Line> lines = new ArrayDeque<>();
    private final long[] dropped = new long[Log.Level.values().length];
    private LongFunction<byte[]> notice = count -> new byte[0];
    /** Bytes that wait, those being written included. */
    private int bytes;
    private long untold;
    private long accepted;
    private long done;

    private LogQueue(OutputStream out) {
        this.out = out;
    }

    /** A queue whose thread writes to {@code out}, and flushes it, for as long as the process lives. */
    static LogQueue to(OutputStream out) {
        var queue = new LogQueue(out);
        Thread.ofPlatform().name("log").daemon().start(queue::write);
        return queue;
    }

    /** Sets the line that tells of dropped ones. */
    void notice(LongFunction<byte[]> line) {
        lock.lock();
        try {
            notice = line;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a line, its end included, or drops it. */
    void add(Log.Level level, byte[] line) {
        lock.lock();
        try {
            if (bytes > 0 && bytes + line.length > share(level)) {
                drop(level);
                return;
            }
            lines.add(new Line(level, line));
            bytes += line.length;
            accepted++;
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    private static int share(Log.Level level) {
        return switch (level) {
            case ERROR -> MOST_BYTES;
            case WARN -> MOST_BYTES / 4 * 3;
            case INFO, DEBUG -> MOST_BYTES / 2;
        };
    }

    private void drop(Log.Level level) {
        dropped[level.ordinal()]++;
        untold++;
    }

    /** How many lines were dropped so far. */
    long dropped(Log.Level level) {
        lock.lock();
        try {
            return dropped[level.ordinal()];
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all lines taken so far are written; false when that takes longer than {@code most}. */
    boolean flush(Duration most) {
        long left = most.toNanos();
        lock.lock();
        try {
            long until = accepted;
            while (done < until) {
                if (left <= 0) {
                    return false;
                }
                left = written.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        while (true) {
            List<Line> batch = next();
            boolean taken = put(batch);
            lock.lock();
            try {
                for (Line line : batch) {
                    bytes -= line.bytes.length;
                    if (!taken) {
                        drop(line.level);
                    }
                }
                done += batch.size();
                written.signalAll();
            } finally {
                lock.unlock();
            }
            if (taken) {
                tellOfDropped();
            }
        }
    }

    private List<Line> next() {
        List<Line> batch = new ArrayList<>();
        lock.lock();
        try {
            while (lines.isEmpty()) {
                added.awaitUninterruptibly();
            }
            int size = 0;
            while (!lines.isEmpty() && (batch.isEmpty() || size + lines.peek().bytes.length <= BATCH_BYTES)) {
                Line line = lines.poll();
                size += line.bytes.length;
                batch.add(line);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Whether all was written: a pipe whose reader is gone takes nothing, and no log could say so. */
    private boolean put(List<Line> batch) {
        var text = new ByteArrayOutputStream();
        batch.forEach(line -> text.writeBytes(line.bytes));
        try {
            out.write(text.toByteArray());
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** When what waited is written: while lines are dropped all the time, one notice will do for many. */
    private void tellOfDropped() {
        byte[] line;
        lock.lock();
        try {
            if (untold == 0 || bytes > MOST_BYTES / 4) {
                return;
            }
            line = notice.apply(untold);
            untold = 0;
        } finally {
            lock.unlock();
        }
        put(List.of(new Line(Log.Level.WARN, line)));
    }

    /** A stream whose lines join the queue, for what a program prints as it runs. */
    OutputStream asStream() {
        return new LineStream();
    }

    /** Complete lines; one without an end is passed on when it is flushed or long. */
    private final class LineStream extends OutputStream {
        private static final int LONGEST = 8 << 10;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int value) {
            line.write(value);
            if (value == '\n' || line.size() >= LONGEST) {
                flush();
            }
        }

        @Override
        public synchronized void write(byte[] text, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                write(text[i]);
            }
        }

        @Override
        public synchronized void flush() {
            if (line.size() > 0) {
                add(Log.Level.ERROR, line.toByteArray());
                line.reset();
            }
        }
    }
}
