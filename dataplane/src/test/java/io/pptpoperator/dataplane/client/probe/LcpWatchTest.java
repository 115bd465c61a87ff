package io.pptpoperator.dataplane.client.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.pptpoperator.protocol.ppp.ConfigureOption;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a probe reads off LCP frames. */
class LcpWatchTest {

    private static byte[] lcp(int code, int id, List<ConfigureOption> options) {
        return new PppFrame(PppProtocol.LCP, ControlPacket.ofOptions(code, id, options).encode()).encode(false, false);
    }

    @ParameterizedTest
    @CsvSource({"c22381,mschapv2", "c22380,mschapv1", "c22305,chap-md5", "c023,pap", "c227,eap", "c281,protocol 0xc281",
            "c22342,protocol 0xc223 algorithm 66"})
    void aServersDemandIsNamed(String option, String name) {
        byte[] frame = lcp(ControlCode.CONFIGURE_REQUEST, 1,
                List.of(new ConfigureOption(3, HexFormat.of().parseHex(option))));
        assertThat(LcpWatch.facts(frame)).containsExactly(new Fact.Demanded(name));
    }

    @Test
    void anAnswerProvesThatOurPacketsArrive() {
        for (int code : List.of(ControlCode.CONFIGURE_ACK, ControlCode.CONFIGURE_NAK, ControlCode.CONFIGURE_REJECT)) {
            assertThat(LcpWatch.facts(lcp(code, 1, List.of()))).containsExactly(new Fact.GreAnswered());
        }
        assertThat(LcpWatch.facts(lcp(ControlCode.CONFIGURE_REQUEST, 1, List.of()))).isEmpty();
    }

    @Test
    void ourMagicNumberIsFound() {
        byte[] request = lcp(ControlCode.CONFIGURE_REQUEST, 1,
                List.of(ConfigureOption.ofShort(1, 1400), ConfigureOption.ofInt(5, 0x12345678)));
        assertThat(LcpWatch.magic(request)).hasValue(0x12345678);
        assertThat(LcpWatch.magic(lcp(ControlCode.CONFIGURE_REQUEST, 1, List.of()))).isEmpty();
    }

    @Test
    void anEchoHasTheLengthAskedFor() {
        byte[] request = LcpWatch.echoRequest(7, 0x0a0b0c0d, 100);
        assertThat(request).hasSize(100).startsWith(0xff, 0x03, 0xc0, 0x21, 9, 7, 0, 96, 0x0a, 0x0b, 0x0c, 0x0d);
        request[4] = ControlCode.ECHO_REPLY;
        assertThat(LcpWatch.echoReply(request)).hasValue(7);
        assertThat(LcpWatch.echoRequest(7, 0, LcpWatch.ECHO_HEADERS)).hasSize(LcpWatch.ECHO_HEADERS);
    }

    @Property
    void noFrameOfAServerDoesHarm(@ForAll byte[] frame) {
        assertThatCode(() -> {
            LcpWatch.facts(frame);
            LcpWatch.echoReply(frame);
            LcpWatch.magic(frame);
        }).doesNotThrowAnyException();
    }

    @Property
    void noOptionsOfAServerDoHarm(@ForAll byte[] options) {
        byte[] data = options.length > 200 ? new byte[0] : options;
        byte[] frame = new PppFrame(PppProtocol.LCP, new ControlPacket(1, 1, data).encode()).encode(false, false);
        assertThatCode(() -> LcpWatch.facts(frame)).doesNotThrowAnyException();
    }
}
