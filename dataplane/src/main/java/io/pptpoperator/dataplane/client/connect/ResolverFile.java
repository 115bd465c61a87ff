package io.pptpoperator.dataplane.client.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /etc/resolv.conf} while a tunnel's name servers stand in it. What was there before waits in a file beside it,
 * also when this process is killed: whoever starts next finds it. The new file says whose it is by the number of the
 * TUN device, which ends with its process and is not given again.
 */
final class ResolverFile {
    private static final String BACKUP_SUFFIX = ".before-pptp";
    private static final Set<PosixFilePermission> READABLE_BY_ALL = PosixFilePermissions.fromString("rw-r--r--");
    private static final Pattern OWNER = Pattern.compile("^# pptp-dataplane interface (\\d{1,9})$", Pattern.MULTILINE);
    private static final CopyOption[] AS_IS = {LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES};

    private final Path file;
    private final Path backup;

    /**
     * Of a host.
     *
     * @param file {@code /etc/resolv.conf}, which may be a symbolic link
     */
    ResolverFile(Path file) {
        this.file = file;
        this.backup = file.resolveSibling(file.getFileName() + BACKUP_SUFFIX);
    }

    /**
     * Puts name servers in.
     *
     * @param interfaceIndex number of the TUN device
     * @return false, without a change, when another client has done so and lives
     * @throws IOException when a file cannot be read or written
     */
    boolean apply(List<Ipv4Address> servers, int interfaceIndex) throws IOException {
        Optional<Integer> owner = owner();
        if (owner.isPresent() && owner.get() != interfaceIndex) {
            return false;
        }
        String before = Files.exists(file) ? Files.readString(file, UTF_8) : "";
        if (owner.isEmpty()) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.copy(file, backup, AS_IS);
            } else {
                Files.writeString(backup, "");
            }
        }
        write(text(servers, interfaceIndex, before));
        return true;
    }

    /** The new file: its name servers, and what else the old one said about looking names up. */
    static String text(List<Ipv4Address> servers, int interfaceIndex, String before) {
        StringBuilder text = new StringBuilder(
                "# Written by pptp-dataplane for a tunnel that is up; the file it replaces"
                        + " comes back when the tunnel ends.\n# pptp-dataplane interface " + interfaceIndex + "\n");
        servers.forEach(server -> text.append("nameserver ").append(server).append('\n'));
        before.lines()
                .filter(line -> line.matches("(search|domain|options)\\s.*"))
                .forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /** The number of the TUN device for which the file was written; empty when it is nobody's. */
    private Optional<Integer> owner() throws IOException {
        if (!Files.exists(file) || !Files.exists(backup, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Matcher matcher = OWNER.matcher(Files.readString(file, UTF_8));
        return matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }

    /** A container's file is a mount that cannot be replaced, only overwritten. */
    private void write(String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".pptp-new");
        Files.writeString(fresh, text, UTF_8);
        // Whatever the umask of this process: every program of the host looks names up.
        Files.setPosixFilePermissions(fresh, READABLE_BY_ALL);
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.delete(fresh);
            Files.writeString(file, text, UTF_8);
        }
    }

    /**
     * Takes the name servers of a tunnel out again; does nothing when they are not in.
     *
     * @param interfaceIndex number of the TUN device
     * @throws IOException when a file cannot be read or written
     */
    void restore(int interfaceIndex) throws IOException {
        restoreIf(owner -> owner == interfaceIndex);
    }

    /**
     * Takes the name servers of a client out that was killed.
     *
     * @param isAlive whether there is an interface with that number
     * @return whether there was anything to do
     * @throws IOException when a file cannot be read or written
     */
    boolean restoreLeftover(IntPredicate isAlive) throws IOException {
        return restoreIf(isAlive.negate());
    }

    private boolean restoreIf(IntPredicate mine) throws IOException {
        Optional<Integer> owner = owner();
        if (owner.isEmpty() || !mine.test(owner.get())) {
            return false;
        }
        try {
            Files.move(backup, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.writeString(file, Files.readString(backup, UTF_8), UTF_8);
            Files.delete(backup);
        }
        return true;
    }
}
