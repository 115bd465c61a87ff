package io.pptpoperator.dataplane.handover;

import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.UnixSocket;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a server and its successor find one another: a unix socket in a directory that only their user can enter, with a
 * name for the network namespace and the TUN device, of which there is one in it.
 */
public final class HandOverPlace {
    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");
    private static final String PRIVATE = "rwx------";

    private final Path directory;
    private final Path socket;

    /**
     * The place of one server.
     *
     * @param directory is made where it is missing
     * @param tun the name of its TUN device
     */
    public HandOverPlace(Path directory, String tun) {
        this.directory = directory;
        this.socket = directory.resolve("hand-over-" + namespace() + "-" + tun + ".sock");
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(NAMESPACE).toString().replaceAll("[^0-9]", "");
        } catch (IOException e) {
            throw new HandOverException("the network namespace is not to be known: " + e, e);
        }
    }

    /** Where a successor is listened for. */
    public Path socket() {
        return socket;
    }

    /**
     * Listens for successors.
     *
     * @throws HandOverException when the directory cannot be made or belongs to others, or another server listens
     */
    public UnixSocket listen() {
        try {
            try {
                Files.createDirectories(directory.toAbsolutePath().getParent());
                Files.createDirectory(directory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
            } catch (FileAlreadyExistsException e) {
                checkIsPrivate();
            }
            if (connected().isPresent()) {
                throw new HandOverException("another server listens at " + socket);
            }
            Files.deleteIfExists(socket); // of a process that was killed
            return UnixSocket.listen(socket);
        } catch (IOException | LinuxException e) {
            throw new HandOverException(socket + " cannot be listened at: " + e.getMessage(), e);
        }
    }

    /** Who else could enter could put a socket of his own there, and be told all keys. */
    private void checkIsPrivate() throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
        int owner = (int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isDirectory() || owner != UnixSocket.ownUser()
                || !PosixFilePermissions.toString(attributes.permissions()).equals(PRIVATE)) {
            throw new HandOverException(directory + " must be a directory that belongs to user " + UnixSocket.ownUser()
                    + " with the permissions " + PRIVATE);
        }
    }

    private Optional<UnixSocket> connected() {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UnixSocket.connect(socket));
        } catch (LinuxException e) {
            return Optional.empty();
        }
    }

    /**
     * Connects to the server that listens there, if one does.
     *
     * @param patience how long it is waited for its answers
     * @throws HandOverException when it is another user's
     */
    public Optional<HandOverLine> connect(Duration patience) {
        Optional<UnixSocket> server = connected();
        if (server.isPresent()) {
            try {
                checkIsPrivate();
            } catch (IOException | HandOverException e) {
                server.get().close();
                throw new HandOverException(e.getMessage(), e);
            }
        }
        return server.map(it -> HandOverLine.with(it, patience));
    }

    /**
     * Waits for the next successor.
     *
     * @throws LinuxException when nobody is waited for any more
     * @throws HandOverException when it is another user's
     */
    public static HandOverLine accept(UnixSocket listening, Duration patience) {
        return HandOverLine.with(listening.accept(), patience);
    }

    /** Nobody listens there any more. */
    public void leave() {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new HandOverException(socket + " cannot be removed: " + e.getMessage(), e);
        }
    }
}
