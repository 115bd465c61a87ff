package io.pptpoperator.kubectl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.StartControlConnectionReply;
import io.pptpoperator.protocol.control.TextField;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReachCheckTest {

    private static Reach.Control whenAnswered(byte[] answer) throws IOException {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket client = listener.accept()) {
                    client.getInputStream().readNBytes(156);
                    client.getOutputStream().write(answer);
                } catch (IOException e) {
                    // What the client saw is asserted.
                }
            });
            return ReachCheck.control("127.0.0.1", listener.getLocalPort());
        }
    }

    private static byte[] reply(int resultCode) {
        return ControlMessageCodec.encode(new StartControlConnectionReply(ControlMessage.VERSION, resultCode, 0, 0, 0,
                0, 0, TextField.EMPTY, TextField.EMPTY));
    }

    @Test
    void aPptpServerAnswers() throws IOException {
        assertThat(whenAnswered(reply(StartControlConnectionReply.SUCCESSFUL))).isEqualTo(Reach.Control.ANSWERS);
    }

    @Test
    void somethingElseIsNoPptpServer() throws IOException {
        assertThat(whenAnswered("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Reach.Control.NO_PPTP);
        assertThat(whenAnswered(reply(StartControlConnectionReply.GENERAL_ERROR))).isEqualTo(Reach.Control.NO_PPTP);
        assertThat(whenAnswered(new byte[0])).isEqualTo(Reach.Control.NO_PPTP);
    }

    @Test
    void aClosedPortRefuses() throws IOException {
        try (var bound = new Socket()) {
            // Nobody listens there, and nobody else can.
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThat(ReachCheck.control("127.0.0.1", bound.getLocalPort())).isEqualTo(Reach.Control.REFUSED);
        }
    }

    @Test
    void aNameThatIsNoneDoesNotResolve() {
        assertThat(ReachCheck.control("pptp.invalid", 1723)).isEqualTo(Reach.Control.NOT_RESOLVED);
    }
}
