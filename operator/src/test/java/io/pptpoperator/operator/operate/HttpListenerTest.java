package io.pptpoperator.operator.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.operator.operate.HttpListener.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpListenerTest {

    private static final int TIMEOUT = 60_000;
    private static final String GET = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

    private final List<Socket> sockets = new ArrayList<>();
    private HttpListener http;

    private void listen(Duration patience) throws IOException {
        http = new HttpListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), patience,
                path -> path.equals("/big")
                        ? Answer.text(200, "x".repeat(50_000_000))
                        : Answer.text(200, "this is " + path));
        http.start();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        http.close();
    }

    /** Loopback has many addresses to come from. */
    private Socket connect(int from) throws IOException {
        var socket = new Socket();
        sockets.add(socket);
        socket.setSoTimeout(TIMEOUT);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[]{127, 0, 1, (byte) from}), 0));
        socket.connect(http.address());
        return socket;
    }

    private static String exchange(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({"GET /healthz?a=b HTTP/1.1,HTTP/1.1 200 OK,this is /healthz",
            "POST /healthz HTTP/1.1,HTTP/1.1 405 Method Not Allowed,only GET",
            "GARBAGE,HTTP/1.1 400 Bad Request,no request", "GET / HTTP/2.0,HTTP/1.1 400 Bad Request,no request"})
    void requestsAreAnswered(String line, String status, String text) throws IOException {
        listen(HttpListener.PATIENCE);

        assertThat(exchange(connect(1), line + "\r\nHost: a\r\n\r\n")).startsWith(status + "\r\n")
                .contains("Connection: close\r\n", text);
    }

    @Test
    void aRequestWithoutAnEndIsRefused() throws IOException {
        listen(HttpListener.PATIENCE);

        assertThat(exchange(connect(1), "GET / HTTP/1.1\r\n" + "a".repeat(8192 - 16))).startsWith("HTTP/1.1 400");
    }

    @Test
    void whoSendsNothingIsHungUpOn() throws IOException {
        listen(Duration.ofMillis(200));
        Socket silent = connect(1);
        silent.getOutputStream().write('G');

        assertThat(hasEnded(silent)).isTrue();
    }

    @Test
    void whoReadsNothingIsHungUpOn() throws IOException {
        listen(Duration.ofMillis(500));
        Socket deaf = connect(1);
        deaf.getOutputStream().write("GET /big HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        // Its place is free again: of one address there are only so many.
        Awaitility.await().until(() -> {
            List<Socket> others = new ArrayList<>();
            for (int i = 0; i < HttpListener.PER_ADDRESS; i++) {
                others.add(connect(1));
            }
            boolean all = true;
            for (Socket other : others) {
                all &= answers(other);
            }
            return all;
        });
    }

    private static boolean answers(Socket socket) {
        try (socket) {
            return exchange(socket, GET).contains("this is /healthz");
        } catch (IOException e) {
            return false;
        }
    }

    /** Slow connections of many strangers keep neither the kubelet nor anybody else who is quick out. */
    @Test
    void aFloodOfSlowConnectionsKeepsNobodyOut() throws IOException {
        listen(Duration.ofMinutes(5));
        var held = new ArrayList<Socket>();
        for (int i = 0; i < 200; i++) {
            held.add(connect(1 + i % 20));
        }

        for (int i = 0; i < 20; i++) {
            assertThat(exchange(connect(100), GET)).contains("this is /healthz");
        }
        Awaitility.await().untilAsserted(() -> assertThat(http.connected()).isLessThanOrEqualTo(HttpListener.PLACES));
        assertThat(hasEnded(held.getFirst())).as("the oldest made room").isTrue();
    }

    private static boolean hasEnded(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            return in.read() < 0;
        } catch (IOException e) {
            return e.getMessage().contains("reset");
        }
    }
}
