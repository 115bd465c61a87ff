package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who works through the tunnel: our client, a download that goes on and on, and a ping. */
final class TunnelUser implements AutoCloseable {
    private static final Pattern STATISTICS = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");
    private static final int WAIT_SECONDS = 30;

    /** How a ping went. */
    record Ping(int sent, int received) {
        int lost() {
            return sent - received;
        }
    }

    private final String name;
    private final NetworkNamespace host;
    private final Path directory;
    private final Process client;
    private final AtomicLong downloaded = new AtomicLong();
    private final AtomicReference<IOException> broken = new AtomicReference<>();
    private Socket download;

    private TunnelUser(String name, NetworkNamespace host, Path directory, Process client) {
        this.name = name;
        this.host = host;
        this.directory = directory;
        this.client = client;
    }

    /** Logs in, with a route to {@code network}. */
    static TunnelUser connect(String name, String password, NetworkNamespace host, Ipv4Address server, String network,
            Path directory) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name));
        List<String> command = new ArrayList<>(ServerProcess.launcher());
        command.addAll(List.of("connect", server.toString(), "--user", name, "--route", network, "--password-file",
                Files.writeString(folder.resolve("password"), password).toString()));
        Process client = host.call(() -> new ProcessBuilder(command).redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(folder.resolve("connect.log").toFile())
                .start());
        var user = new TunnelUser(name, host, folder, client);
        Await.until(name + " is connected", Await.PATIENCE, () -> user.log().contains("routed into the tunnel"));
        return user;
    }

    String name() {
        return name;
    }

    String log() {
        try {
            return Files.readString(directory.resolve("connect.log"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Begins a download that never ends by itself. */
    void download(InetSocketAddress from) {
        download = host.call(() -> {
            var socket = new Socket();
            socket.connect(from);
            return socket;
        });
        Thread.ofPlatform().daemon().name("download of " + name).start(() -> {
            byte[] bytes = new byte[64 << 10];
            try {
                InputStream in = download.getInputStream();
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    downloaded.addAndGet(count);
                }
                broken.compareAndSet(null, new IOException("the other end has closed the connection"));
            } catch (IOException e) {
                broken.compareAndSet(null, e);
            }
        });
    }

    /** Bytes so far; fails when the download is over. */
    long downloaded() {
        if (broken.get() != null) {
            throw new AssertionError("the download of " + name + " broke", broken.get());
        }
        return downloaded.get();
    }

    /** Starts a ping of so many packets a twentieth of a second apart, each waited for half a minute. */
    Process ping(String address, int count) {
        return host.call(() -> new ProcessBuilder("ping", "-n", "-q", "-i", "0.05", "-c", Integer.toString(count), "-W",
                Integer.toString(WAIT_SECONDS), address).redirectErrorStream(true)
                .redirectOutput(directory.resolve("ping.log").toFile())
                .start());
    }

    /** How the ping went that was started last, once it is over. */
    Ping result(Process ping) throws IOException, InterruptedException {
        ping.waitFor();
        String said = Files.readString(directory.resolve("ping.log"));
        Matcher statistics = STATISTICS.matcher(said);
        if (!statistics.find()) {
            throw new AssertionError("ping of " + name + " says: " + said);
        }
        return new Ping(Integer.parseInt(statistics.group(1)), Integer.parseInt(statistics.group(2)));
    }

    @Override
    public void close() throws IOException {
        if (download != null) {
            download.close();
        }
        client.destroy();
        try {
            if (!client.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                client.destroyForcibly();
            }
        } catch (InterruptedException e) {
            client.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
