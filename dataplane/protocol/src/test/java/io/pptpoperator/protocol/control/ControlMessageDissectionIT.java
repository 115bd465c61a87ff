package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another implementation's view of our messages: tshark must find each field's value, and nothing malformed. */
class ControlMessageDissectionIT {

    private static final List<String> FIELDS = List.of("pptp.length", "pptp.control_message_type",
            "pptp.protocol_version", "pptp.control_result", "pptp.stop_result", "pptp.echo_result", "pptp.out_result",
            "pptp.in_result", "pptp.disc_result", "pptp.error", "pptp.reason", "pptp.framing_capabilities",
            "pptp.bearer_capabilities", "pptp.maximum_channels", "pptp.firmware_revision", "pptp.host_name",
            "pptp.vendor_name", "pptp.identifier", "pptp.call_id", "pptp.peer_call_id", "pptp.call_serial_number",
            "pptp.minimum_bps", "pptp.maximum_bps", "pptp.connect_speed", "pptp.bearer_type", "pptp.framing_type",
            "pptp.packet_receive_window_size", "pptp.packet_processing_delay", "pptp.phone_number_length",
            "pptp.phone_number", "pptp.dialed_number_length", "pptp.dialed_number", "pptp.dialing_number_length",
            "pptp.dialing_number", "pptp.subaddress", "pptp.cause", "pptp.physical_channel_id", "pptp.crc_errors",
            "pptp.framing_errors", "pptp.hardware_overruns", "pptp.buffer_overruns", "pptp.timeout_errors",
            "pptp.alignment_errors", "pptp.send_accm", "pptp.receive_accm", "pptp.call_Statistics", "_ws.malformed",
            "_ws.expert.message");

    @TempDir
    private Path directory;

    @BeforeAll
    static void tsharkIsThere() {
        boolean found = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "tshark")));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(found).as("tshark on the PATH (apt-get install tshark)").isTrue();
        } else {
            assumeTrue(found, "needs tshark on the PATH (apt-get install tshark)");
        }
    }

    @Test
    void tsharkReadsEveryFieldAsItWasWritten() throws IOException, InterruptedException {
        List<ControlMessage> messages = List.of(
                new StartControlConnectionRequest(0x0100, 1, 2, 3, 4, new TextField("host"), new TextField("vendor")),
                new StartControlConnectionReply(0x0100, 5, 6, 3, 2, 1, 4, new TextField("host"),
                        new TextField("vendor")),
                new StopControlConnectionRequest(3), new StopControlConnectionReply(2, 6), new EchoRequest(77),
                new EchoReply(78, 2, 1),
                new OutgoingCallRequest(64234, 2, 300, 100_000_000, 3, 2, 64, 5, new TextField("555"),
                        new TextField("sub")),
                new OutgoingCallReply(7, 64234, 6, 4, 3, 100_000_000, 64, 5, 99),
                new IncomingCallRequest(7, 2, 3, 99, new TextField("12"), new TextField("3456"), new TextField("sub")),
                new IncomingCallReply(7, 8, 3, 4, 64, 5), new IncomingCallConnected(7, 64_000, 64, 5, 2),
                new CallClearRequest(64234), new CallDisconnectNotify(7, 3, 4, 5, new TextField("statistics")),
                new WanErrorNotify(7, 1, 2, 3, 4, 5, 6), new SetLinkInfo(7, 0x0a0b0c0d, -1));

        assertThat(dissect(messages)).containsExactly(
                "length=156 control_message_type=1 protocol_version=256 framing_capabilities=1"
                        + " bearer_capabilities=2 maximum_channels=3 firmware_revision=4 host_name=host"
                        + " vendor_name=vendor",
                "length=156 control_message_type=2 protocol_version=256 control_result=5 error=6"
                        + " framing_capabilities=3 bearer_capabilities=2 maximum_channels=1 firmware_revision=4"
                        + " host_name=host vendor_name=vendor",
                "length=16 control_message_type=3 reason=3", "length=16 control_message_type=4 stop_result=2 error=6",
                "length=16 control_message_type=5 identifier=77",
                "length=20 control_message_type=6 echo_result=2 error=1 identifier=78",
                "length=168 control_message_type=7 call_id=64234 call_serial_number=2 minimum_bps=300"
                        + " maximum_bps=100000000 bearer_type=3 framing_type=2 packet_receive_window_size=64"
                        + " packet_processing_delay=5 phone_number_length=3 phone_number=555 subaddress=sub",
                "length=32 control_message_type=8 out_result=6 error=4 call_id=7 peer_call_id=64234"
                        + " connect_speed=100000000 packet_receive_window_size=64 packet_processing_delay=5 cause=3"
                        + " physical_channel_id=99",
                "length=220 control_message_type=9 call_id=7 call_serial_number=2 bearer_type=3"
                        + " dialed_number_length=2 dialed_number=12 dialing_number_length=4 dialing_number=3456"
                        + " subaddress=sub physical_channel_id=99",
                "length=24 control_message_type=10 in_result=3 error=4 call_id=7 peer_call_id=8"
                        + " packet_receive_window_size=64 packet_processing_delay=5",
                "length=28 control_message_type=11 peer_call_id=7 connect_speed=64000 framing_type=2"
                        + " packet_receive_window_size=64 packet_processing_delay=5",
                "length=16 control_message_type=12 call_id=64234",
                "length=148 control_message_type=13 disc_result=3 error=4 call_id=7 cause=5"
                        + " call_Statistics=statistics",
                "length=40 control_message_type=14 peer_call_id=7 crc_errors=1 framing_errors=2"
                        + " hardware_overruns=3 buffer_overruns=4 timeout_errors=5 alignment_errors=6",
                "length=24 control_message_type=15 peer_call_id=7 send_accm=168496141 receive_accm=4294967295");
    }

    /** One line for each message, with the fields that tshark found in it. */
    private List<String> dissect(List<ControlMessage> messages) throws IOException, InterruptedException {
        Path capture = directory.resolve("messages.pcap");
        Files.write(capture, capture(messages));
        var command = new ArrayList<String>(List.of("tshark", "-r", capture.toString(), "-o",
                "tcp.analyze_sequence_numbers:FALSE", "-T", "fields", "-E", "separator=|"));
        FIELDS.forEach(field -> command.addAll(List.of("-e", field)));
        Process tshark = new ProcessBuilder(command).redirectError(directory.resolve("errors").toFile()).start();
        String output = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tshark.waitFor()).as(Files.readString(directory.resolve("errors"))).isZero();
        return output.lines().map(line -> {
            String[] values = line.split("\\|", -1);
            return Stream.iterate(0, i -> i + 1)
                    .limit(FIELDS.size())
                    .filter(i -> !values[i].isEmpty())
                    .map(i -> FIELDS.get(i).replace("pptp.", "") + "=" + decimal(values[i]))
                    .collect(Collectors.joining(" "));
        }).toList();
    }

    private static String decimal(String value) {
        return value.startsWith("0x") ? Long.toString(Long.decode(value)) : value;
    }

    /** A capture file of raw IPv4 packets to TCP port 1723, one for each message. */
    private static byte[] capture(List<ControlMessage> messages) {
        int rawIpv4 = 228;
        var out = ByteBuffer.allocate(64 * 1024);
        out.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(65535)
                .putInt(rawIpv4);
        int sequence = 1;
        for (ControlMessage message : messages) {
            byte[] payload = ControlMessageCodec.encode(message);
            int length = 40 + payload.length;
            out.putInt(sequence).putInt(0).putInt(length).putInt(length);
            out.put((byte) 0x45)
                    .put((byte) 0)
                    .putShort((short) length)
                    .putInt(0)
                    .put((byte) 64)
                    .put((byte) 6)
                    .putShort((short) 0)
                    .putInt(0xc0000201)
                    .putInt(0xc0000202);
            out.putShort((short) 40000)
                    .putShort((short) 1723)
                    .putInt(sequence)
                    .putInt(1)
                    .put((byte) 0x50)
                    .put((byte) 0x18)
                    .putShort((short) 8192)
                    .putInt(0);
            out.put(payload);
            sequence += payload.length;
        }
        var bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }
}
