package io.pptpoperator.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.control.ControlAction;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.PacAction;
import io.pptpoperator.protocol.control.PacControlConnection;
import io.pptpoperator.protocol.control.PacSettings;
import io.pptpoperator.protocol.control.PnsAction;
import io.pptpoperator.protocol.control.PnsControlConnection;
import io.pptpoperator.protocol.control.PnsSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example in README.md, which is the method {@link #dial} to the letter. */
class ReadmeTest {

    // @formatter:off
    static String dial() {
        var pns = new PnsControlConnection(PnsSettings.windowsLike(7));
        var pac = new PacControlConnection(PacSettings.defaults("pac.example"));
        long now = 0; // milliseconds; nothing in here looks at a clock
        pac.connected(now);
        var toPac = new ArrayDeque<PnsAction>(pns.connected(now));
        var toPns = new ArrayDeque<PacAction>();
        while (true) {
            while (!toPac.isEmpty()) {
                switch (toPac.poll()) {
                    case ControlAction.Send send -> toPns.addAll(pac.received(overTheWire(send.message()), now));
                    case PnsAction.CallUp call -> { return "call " + call.reply().callId() + " is up"; }
                    default -> { }
                }
            }
            switch (toPns.poll()) {
                case ControlAction.Send send -> toPac.addAll(pns.received(overTheWire(send.message()), now));
                case PacAction.OpenCall open -> toPns.addAll(pac.acceptCall(42));
                default -> { }
            }
        }
    }

    static ControlMessage overTheWire(ControlMessage message) {
        return ControlMessageCodec.decode(ByteBuffer.wrap(ControlMessageCodec.encode(message)));
    }
    // @formatter:on

    @Test
    void theExampleDials() {
        assertThat(dial()).isEqualTo("call 42 is up");
    }

    @Test
    void theExampleOfTheReadmeIsThisOne() throws IOException {
        List<String> source = Files.readAllLines(Path.of("src/test/java/io/pptpoperator/protocol/ReadmeTest.java"));
        String example = source
                .subList(1 + source.indexOf("    // @formatter:off"), source.indexOf("    // @formatter:on"))
                .stream()
                .map(line -> line.isEmpty() ? line : line.substring(4))
                .collect(Collectors.joining("\n"));

        assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + example + "\n```");
    }
}
