package io.pptpoperator.dataplane.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again when one of its files changes: written in place, replaced by an editor's rename, or
 * through the link {@code ..data} that Kubernetes exchanges for a mounted Secret. Changes in the files' directories
 * wake it up at once; a slow poll finds what the kernel does not report, such as the target of a link elsewhere.
 *
 * <p>Has one thread of its own, on which it calls its listener.
 */
public final class ConfigWatcher implements AutoCloseable {

    /** Told about changes, one call at a time. */
    public interface Listener {

        /** A file says something else than before, and it is valid; or both are valid again after errors. */
        void changed(Configuration configuration);

        /** A file cannot be used; what it said before stays in force. Told once per set of errors. */
        void failed(ConfigException errors);
    }

    /** A directory's registration, and which directory that was. */
    private record Watched(WatchKey key, Object inode) {}

    /** Changes are read after this much silence, or when they have gone on for ten times as long. */
    private static final Duration SETTLE = Duration.ofMillis(50);
    /** Somebody who writes all the time is not waited for. */
    private static final int MOST_READS = 5;
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatcher.class);

    private final Path serverFile;
    private final Path usersFile;
    private final Set<Path> directories;
    private final Listener listener;
    private final WatchService watches;
    private final Map<Path, Watched> watched = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Configuration current;
    /** The errors last told, or null after a success. */
    private String failure;
    private List<FileStamp> stamps = List.of();

    private ConfigWatcher(Path serverFile, Path usersFile, Configuration current, Listener listener) {
        this.serverFile = serverFile.toAbsolutePath();
        this.usersFile = usersFile.toAbsolutePath();
        this.directories = Stream.of(this.serverFile, this.usersFile).map(Path::getParent).collect(Collectors.toSet());
        this.current = current;
        this.listener = listener;
        this.watches = openWatches();
        this.thread = Thread.ofPlatform().name("config-watcher").daemon().unstarted(this::run);
    }

    /**
     * Starts watching. The files are read once right away, so that no change since {@code current} was read is missed.
     *
     * @param current what the caller runs with, read from the same files
     */
    public static ConfigWatcher start(Path serverFile, Path usersFile, Configuration current, Listener listener) {
        var watcher = new ConfigWatcher(serverFile, usersFile, current, listener);
        watcher.thread.start();
        return watcher;
    }

    /** Without inotify (its instances are limited per user) the poll alone has to do. */
    private static WatchService openWatches() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException e) {
            LOG.warn("Changes of the configuration are noticed only every {} s: {}", POLL.toSeconds(), e.toString());
            return null;
        }
    }

    private void run() {
        try {
            register();
            read();
            while (closed.getCount() > 0) {
                boolean reported = awaitReport();
                register();
                if (reported || !stamps.equals(stamps())) {
                    read();
                }
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("Stopped watching {}", directories);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a report and then for silence; false when the time for a poll has come instead. */
    private boolean awaitReport() throws InterruptedException {
        if (watches == null) {
            closed.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        }
        WatchKey key = watches.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
        boolean reported = key != null;
        for (int i = 0; key != null; i++) {
            key.pollEvents();
            key.reset();
            key = i < 10 ? watches.poll(SETTLE.toMillis(), TimeUnit.MILLISECONDS) : null;
        }
        return reported;
    }

    /** Watches the directories, again where another one stands now under the same name. */
    private void register() {
        if (watches == null) {
            return;
        }
        for (Path directory : directories) {
            Object inode = FileStamp.of(directory).key();
            Watched before = watched.get(directory);
            if (before != null && before.key.isValid() && before.inode.equals(inode)) {
                continue;
            }
            if (before != null) {
                before.key.cancel();
                watched.remove(directory);
            }
            try {
                WatchKey key = directory.register(watches, StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
                if (inode != null) {
                    watched.put(directory, new Watched(key, inode));
                }
            } catch (IOException e) {
                LOG.debug("{} cannot be watched now: {}", directory, e.toString());
            }
        }
    }

    private void read() {
        try {
            ConfigReader.Reread read = readAtRest();
            boolean healed = failure != null && read.errors().isEmpty();
            tellErrors(read.errors());
            if (healed || !read.configuration().equals(current)) {
                current = read.configuration();
                listener.changed(current);
            }
        } catch (RuntimeException e) {
            LOG.error("A change of the configuration could not be applied", e);
        }
    }

    /** Files that go with one another are exchanged together: what was read meanwhile may be of both sets. */
    private ConfigReader.Reread readAtRest() {
        ConfigReader.Reread read;
        int tries = 0;
        do {
            stamps = stamps();
            read = ConfigReader.readAgain(serverFile, usersFile, current);
            tries++;
        } while (tries < MOST_READS && !stamps.equals(stamps()));
        return read;
    }

    private void tellErrors(List<ConfigError> errors) {
        String before = failure;
        failure = null;
        if (!errors.isEmpty()) {
            var found = new ConfigException(errors);
            failure = found.getMessage();
            if (!failure.equals(before)) {
                listener.failed(found);
            }
        }
    }

    private List<FileStamp> stamps() {
        return Stream
                .of(serverFile, UsersSchema.newest(usersFile), RadiusConfig.file(usersFile),
                        ProfilesFile.file(usersFile))
                .map(FileStamp::of)
                .toList();
    }

    /** Stops watching; no call of the listener begins after this returns. */
    @Override
    public void close() {
        closed.countDown();
        try {
            if (watches != null) {
                watches.close();
            }
            if (!Thread.currentThread().equals(thread)) {
                thread.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
