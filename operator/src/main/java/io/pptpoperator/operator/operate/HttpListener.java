package io.pptpoperator.operator.operate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET requests over plain HTTP/1.1, one a connection, and lets nobody take more than their share: connections
 * are few, in all and from one address, requests short, and both over within seconds, whatever the other end does.
 */
final class HttpListener implements AutoCloseable {

    /** At once, in all. */
    static final int PLACES = 64;
    /** At once, from one address. */
    static final int PER_ADDRESS = 8;
    /** From the first byte of the request to the last of the answer. */
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_REQUEST = 8192;
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

    private final ServerSocket listening;
    private final Duration patience;
    private final Function<String, Answer> answers;
    private final Connections<Socket> connections = new Connections<>(PLACES, PER_ADDRESS);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledThreadPoolExecutor ends = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("http-ends").factory());

    /** What is answered. */
    record Answer(int status, String text, String contentType) {

        private byte[] bytes() {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            byte[] head = ("HTTP/1.1 " + status + " " + reason() + "\r\nContent-Type: " + contentType
                    + "\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            var all = new ByteArrayOutputStream(head.length + body.length);
            all.writeBytes(head);
            all.writeBytes(body);
            return all.toByteArray();
        }

        private String reason() {
            return switch (status) {
                case 200 -> "OK";
                case 400 -> "Bad Request";
                case 404 -> "Not Found";
                case 405 -> "Method Not Allowed";
                case 503 -> "Service Unavailable";
                default -> "Error";
            };
        }

        static Answer text(int status, String text) {
            return new Answer(status, text + "\n", "text/plain; charset=utf-8");
        }
    }

    /**
     * Listens; answers from {@link #start} on.
     *
     * @param answers the answer for a path
     * @throws IOException when the address is taken or not of this machine
     */
    HttpListener(InetSocketAddress address, Duration patience, Function<String, Answer> answers) throws IOException {
        this.patience = patience;
        this.answers = answers;
        listening = new ServerSocket();
        try {
            listening.setReuseAddress(true);
            listening.bind(address, PLACES);
        } catch (IOException e) {
            listening.close();
            throw e;
        }
        ends.setRemoveOnCancelPolicy(true);
    }

    void start() {
        Thread.ofPlatform().daemon().name("http").start(this::accept);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                admit(listening.accept());
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    LOG.warn("A connection could not be accepted: {}", e.toString());
                    pause();
                }
            }
        }
    }

    /** Without file descriptors, for one, every attempt fails at once. */
    private static void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(Socket socket) {
        Optional<Socket> leaving = connections.admit(socket, socket.getInetAddress());
        leaving.ifPresent(HttpListener::end);
        if (leaving.filter(socket::equals).isEmpty()) {
            Future<?> end = ends.schedule(() -> end(socket), patience.toMillis(), TimeUnit.MILLISECONDS);
            threads.execute(() -> serve(socket, end));
        }
    }

    private void serve(Socket socket, Future<?> end) {
        try (socket) {
            Optional<Answer> answer = request(socket.getInputStream()).map(this::answer);
            if (answer.isPresent()) {
                socket.getOutputStream().write(answer.get().bytes());
            }
        } catch (IOException e) {
            LOG.debug("A connection from {} ended: {}", socket.getInetAddress(), e.toString());
        } finally {
            end.cancel(false);
            connections.remove(socket);
        }
    }

    /** The first line of a request, read to the end of its head; nothing when none came. */
    private static Optional<String> request(InputStream in) throws IOException {
        byte[] head = new byte[MAX_REQUEST];
        int length = 0;
        while (length < head.length) {
            int count = in.read(head, length, head.length - length);
            if (count < 0) {
                return Optional.empty();
            }
            length += count;
            String text = new String(head, 0, length, StandardCharsets.ISO_8859_1);
            if (text.contains("\r\n\r\n")) {
                return Optional.of(text.substring(0, text.indexOf("\r\n")));
            }
        }
        return Optional.of("");
    }

    private Answer answer(String requestLine) {
        String[] words = requestLine.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            return Answer.text(400, "this is no request of HTTP/1.1 of " + MAX_REQUEST + " bytes at most");
        }
        int query = words[1].indexOf('?');
        return words[0].equals("GET")
                ? answers.apply(query < 0 ? words[1] : words[1].substring(0, query))
                : Answer.text(405, "only GET is possible here");
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A connection could not be closed: {}", e.toString());
        }
    }

    /** How many are connected. */
    int connected() {
        return connections.all().size();
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            LOG.debug("The listening socket could not be closed: {}", e.toString());
        }
        connections.all().forEach(HttpListener::end);
        threads.shutdownNow();
        ends.shutdownNow();
    }
}
