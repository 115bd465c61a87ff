package io.pptpoperator.dataplane.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The resolver's file while a tunnel is up, and afterwards. */
class ResolverFileTest {

    private static final List<Ipv4Address> SERVERS = List.of(Ipv4Address.parse("192.0.2.53"),
            Ipv4Address.parse("192.0.2.54"));
    private static final String BEFORE = "# mine\nnameserver 198.51.100.53\nsearch example.net\noptions edns0\n";
    private static final int OURS = 7;

    @TempDir
    private Path directory;
    private Path file;
    private ResolverFile resolver;

    @BeforeEach
    void prepare() throws IOException {
        file = directory.resolve("resolv.conf");
        Files.writeString(file, BEFORE);
        resolver = new ResolverFile(file);
    }

    @Test
    void theTunnelsNameServersStandInItWhileTheTunnelIsUp() throws IOException {
        assertThat(resolver.apply(SERVERS, OURS)).isTrue();
        assertThat(Files.readString(file)).contains("nameserver 192.0.2.53\nnameserver 192.0.2.54\n")
                .contains("search example.net", "options edns0")
                .doesNotContain("198.51.100.53");
        resolver.restore(OURS);
        assertThat(Files.readString(file)).isEqualTo(BEFORE);
        assertThat(directory).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**before-pptp");
    }

    @Test
    void everybodyMayReadItWhateverTheUmask() throws IOException {
        // As a umask of 077 would have it.
        Path fresh = Files.createFile(directory.resolve("resolv.conf.pptp-new"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        resolver.apply(SERVERS, OURS);
        assertThat(fresh).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r--r--");
    }

    @Test
    void applyingTwiceStillRestoresTheFirst() throws IOException {
        resolver.apply(SERVERS, OURS);
        resolver.apply(SERVERS.subList(0, 1), OURS);
        resolver.restore(OURS);
        assertThat(Files.readString(file)).isEqualTo(BEFORE);
    }

    @Test
    void whatAKilledClientLeftIsPutBackByTheNext() throws IOException {
        resolver.apply(SERVERS, OURS);
        var next = new ResolverFile(file);
        assertThat(next.restoreLeftover(index -> index == OURS)).as("while its owner lives").isFalse();
        assertThat(next.restoreLeftover(index -> false)).isTrue();
        assertThat(Files.readString(file)).isEqualTo(BEFORE);
        assertThat(next.restoreLeftover(index -> false)).isFalse();
    }

    @Test
    void twoClientsDoNotTakeTheFileFromEachOther() throws IOException {
        resolver.apply(SERVERS, OURS);
        var other = new ResolverFile(file);
        assertThat(other.apply(SERVERS.subList(1, 2), OURS + 1)).isFalse();
        other.restore(OURS + 1);
        assertThat(Files.readString(file)).contains("192.0.2.53");
    }

    @Test
    void aSymbolicLinkComesBackAsOne() throws IOException {
        Path target = Files.writeString(directory.resolve("stub-resolv.conf"), BEFORE);
        Files.delete(file);
        Files.createSymbolicLink(file, target);
        resolver.apply(SERVERS, OURS);
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(Files.readString(target)).as("the resolver daemon's own file").isEqualTo(BEFORE);
        resolver.restore(OURS);
        assertThat(Files.isSymbolicLink(file)).isTrue();
        assertThat(Files.readSymbolicLink(file)).isEqualTo(target);
    }

    @Test
    void whatSomebodyElseWroteMeanwhileStays() throws IOException {
        resolver.apply(SERVERS, OURS);
        Files.writeString(file, "nameserver 203.0.113.1\n");
        resolver.restore(OURS);
        assertThat(Files.readString(file)).isEqualTo("nameserver 203.0.113.1\n");
    }

    @Test
    void aHostWithoutTheFileGetsAnEmptyOneBack() throws IOException {
        Files.delete(file);
        resolver.apply(SERVERS, OURS);
        assertThat(Files.readString(file)).contains("nameserver 192.0.2.53");
        resolver.restore(OURS);
        assertThat(Files.readString(file)).isEmpty();
    }
}
