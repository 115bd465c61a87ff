package io.pptpoperator.operator.standalone;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices changed manifests. It looks at the files' attributes a few times a second, which finds every kind of edit, on
 * every kind of file system, for less than a thousandth of a core.
 */
final class ManifestWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ManifestWatch.class);
    private static final Duration PERIOD = Duration.ofMillis(300);

    private final ManifestFiles files;
    private final Runnable changed;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("manifest-watch").daemon().unstarted(this::run);
    /** What {@link #changed} was last called for. */
    private List<ManifestFiles.Stamp> known;

    /**
     * Remembers what the files look like now.
     *
     * @param changed called on the watch's own thread after each change
     */
    ManifestWatch(ManifestFiles files, Runnable changed) {
        this.files = files;
        this.changed = changed;
        this.known = files.stamps();
    }

    /** Begins to look, first for what has changed since the constructor. */
    void start() {
        thread.start();
    }

    private void run() {
        try {
            List<ManifestFiles.Stamp> before = known;
            while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                List<ManifestFiles.Stamp> now = files.stamps();
                // An editor may still be writing: a change counts when it has stood for a period.
                if (now.equals(before) && !now.equals(known)) {
                    known = now;
                    changed.run();
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("Changes of the manifests are not noticed any more", e);
        }
    }

    /** Stops looking. */
    @Override
    public void close() {
        closed.countDown();
    }
}
