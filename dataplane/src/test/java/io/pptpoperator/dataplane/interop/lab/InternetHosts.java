package io.pptpoperator.dataplane.interop.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** What a connected client wants to reach: two web servers with the same files, and a DNS server. */
final class InternetHosts implements AutoCloseable {

    private static final int CHUNK = 1 << 20;

    private final LabProcess web;
    private final LabProcess stubbornWeb;
    private final LabProcess dns;
    private final LabProcess sink;
    private final WebFile page;
    private final WebFile medium;
    private final WebFile large;

    InternetHosts(Topology topology, Path directory) {
        try {
            Path root = Files.createDirectories(directory.resolve("www"));
            page = write(root.resolve("page.bin"), 300_000);
            medium = write(root.resolve("medium.bin"), 20 * 1024 * 1024);
            large = write(root.resolve("large.bin"), 100 * 1024 * 1024);
            web = serve(topology.internet(), "web", Lab.WEB, root, directory);
            stubbornWeb = serve(topology.stubborn(), "stubborn-web", Lab.STUBBORN_WEB, root, directory);
            sink = LabProcess.start("sink", directory.resolve("sink.log"), topology.internet()
                    .inside(List.of("socat", "TCP4-LISTEN:" + Lab.SINK_PORT + ",reuseaddr,fork", "SYSTEM:sha256sum")));
            dns = LabProcess.start("dns", directory.resolve("dns.log"),
                    topology.internet()
                            .inside(List.of("dnsmasq", "--conf-file=/dev/null", "--no-daemon", "--log-queries",
                                    "--no-resolv", "--no-hosts", "--user=root", "--pid-file=", "--bind-interfaces",
                                    "--listen-address=" + Lab.DNS, "--address=/" + Lab.WEB_NAME + "/" + Lab.WEB)));
            dns.output().await("started", Await.PATIENCE);
            web.output().await("Serving", Await.PATIENCE);
            stubbornWeb.output().await("Serving", Await.PATIENCE);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not write the files of the lab's web servers", e);
        }
    }

    private static LabProcess serve(Namespace where, String name, String address, Path root, Path logs) {
        return LabProcess.start(name, logs.resolve(name + ".log"), where.inside(WebServer.command(address, root)));
    }

    private static WebFile write(Path file, int size) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                var digest = new DigestOutputStream(out, MessageDigest.getInstance("SHA-256"))) {
            var random = new SplittableRandom(size);
            byte[] chunk = new byte[CHUNK];
            for (int left = size; left > 0; left -= CHUNK) {
                random.nextBytes(chunk);
                digest.write(chunk, 0, Math.min(left, CHUNK));
            }
            String hash = HexFormat.of().formatHex(digest.getMessageDigest().digest());
            return new WebFile("/" + file.getFileName(), size, hash.toLowerCase(Locale.ROOT));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Some 300 KB. */
    WebFile page() {
        return page;
    }

    /** 20 MB. */
    WebFile medium() {
        return medium;
    }

    /** 100 MB. */
    WebFile large() {
        return large;
    }

    /** What the DNS server was asked. */
    LineLog dnsLog() {
        return dns.output();
    }

    @Override
    public void close() {
        web.close();
        stubbornWeb.close();
        dns.close();
        sink.close();
    }
}
