package io.pptpoperator.protocol.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another implementation's view of our answers: tshark must find each value, and nothing malformed. */
class DhcpDissectionIT {

    @TempDir
    private Path directory;

    @BeforeAll
    static void tsharkIsThere() {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "tshark")));
        if (System.getenv("CI") != null) {
            assertThat(found).as("tshark on the PATH (apt-get install tshark)").isTrue();
        } else {
            assumeTrue(found, "needs tshark on the PATH (apt-get install tshark)");
        }
    }

    private static Ipv4Prefix route(int i) {
        int length = switch (i) {
            case 0 -> 0;
            case 1 -> 8;
            case 2 -> 9;
            default -> 1 + i % 32;
        };
        return new Ipv4Prefix(new Ipv4Address(length == 0 ? 0 : 0xAC10_1234 + i * 0x0101_0101 & -1 << 32 - length),
                length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64})
    void tsharkReadsWhatWasWritten(int count) throws IOException, InterruptedException {
        List<Ipv4Prefix> routes = IntStream.range(0, count).mapToObj(DhcpDissectionIT::route).toList();
        DhcpInform question = DhcpInform.read(DhcpInformTest.inform(DhcpInformTest.OPTIONS, it -> {}), 0).orElseThrow();
        byte[] packet = new DhcpAnswer(DhcpInformTest.SERVER, routes, Optional.of("corp.example"),
                List.of(Ipv4Address.parse("10.0.0.53"), Ipv4Address.parse("10.0.0.54")),
                List.of(Ipv4Address.parse("10.0.0.55"))).to(question);
        Path capture = Files.write(directory.resolve("answer.pcap"), capture(packet));

        assertThat(tshark(capture, "-T", "fields", "-E", "separator=|", "-e", "ip.src", "-e", "ip.dst", "-e",
                "udp.checksum.status", "-e", "dhcp.type", "-e", "dhcp.id", "-e", "dhcp.ip.client", "-e", "dhcp.ip.your",
                "-e", "dhcp.option.dhcp", "-e", "dhcp.option.dhcp_server_id", "-e", "dhcp.option.domain_name_server",
                "-e", "dhcp.option.domain_name", "-e", "dhcp.option.netbios_over_tcpip_name_server", "-o",
                "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"))
                .containsExactly("10.8.0.1|10.8.0.7|1|2|0xcafe0001|10.8.0.7|0.0.0.0|5|10.8.0.1|10.0.0.53,10.0.0.54|"
                        + "corp.example|10.0.0.55");
        assertThat(tshark(capture, "-Y", "_ws.malformed || _ws.expert.severity >= 0x00600000")).isEmpty();

        List<String> written = routes.stream()
                .map(it -> (it.length() == 0 ? "default" : it.toString()) + "-10.8.0.1")
                .toList();
        List<String> seen = tshark(capture, "-V").stream()
                .map(String::strip)
                .filter(line -> line.endsWith("-10.8.0.1"))
                .toList();
        assertThat(seen).as("option 121, then 249")
                .isEqualTo(Stream.of(written, written).flatMap(List::stream).toList());
    }

    private List<String> tshark(Path capture, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString()));
        command.addAll(List.of(arguments));
        Process tshark = new ProcessBuilder(command).redirectError(directory.resolve("errors").toFile()).start();
        String output = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tshark.waitFor()).as(Files.readString(directory.resolve("errors"))).isZero();
        return output.lines().toList();
    }

    /** A capture file of one raw IPv4 packet. */
    private static byte[] capture(byte[] packet) {
        ByteBuffer out = ByteBuffer.allocate(40 + packet.length);
        out.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(65_535).putInt(228);
        out.putInt(0).putInt(0).putInt(packet.length).putInt(packet.length).put(packet);
        return out.array();
    }
}
