package io.pptpoperator.benchmarks.tunnel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts each VPN as its users do: with its defaults, but for addresses, the inner MTU, and what the tables name. */
final class Contenders {
    private static final int START_TRIES = 60;
    private static final String MTU = Integer.toString(Contender.INNER_MTU);

    private final Path directory;
    private final List<String> java;

    /**
     * @param directory for keys, configurations and logs
     * @param java the command that runs the data plane, without its arguments
     */
    Contenders(Path directory, List<String> java) {
        this.directory = directory;
        this.java = List.copyOf(java);
    }

    /** This project's server and client. */
    Contender pptp(String name, String wireName, boolean encrypted) {
        Wire wire = new Wire(wireName);
        Path log = log(wireName);
        Path config = directory.resolve(wireName);
        write(config.resolve("server.yaml"), """
                network:
                  localAddress: %s
                  pools: ["%s"]
                  mtu: %s
                  nat: {enabled: false}
                encryption: {policy: preferred}
                """.formatted(Contender.INNER_SERVER, Contender.INNER_CLIENT, MTU));
        write(config.resolve("users.yaml"), """
                users:
                  - {username: bench, password: "benchmark"}
                """);
        Path password = config.resolve("password");
        write(password, "benchmark\n");
        Process server = start(log, wire.atServer(arguments("serve", "--config", config.toString())));
        awaitPort(wire, server, log);
        start(log,
                wire.atClient(arguments("connect", Wire.SERVER_ADDRESS, "--user", "bench", "--password-file",
                        password.toString(), "--encryption", encrypted ? "required" : "off")));
        return ready(new Contender(name, wire, server, Contender.INNER_SERVER, log));
    }

    private String[] arguments(String... dataplane) {
        List<String> command = new ArrayList<>(java);
        command.addAll(Arrays.asList(dataplane));
        return command.toArray(String[]::new);
    }

    private static void awaitPort(Wire wire, Process server, Path log) {
        for (int i = 0; i < START_TRIES * 2; i++) {
            if (!Commands.run(wire.atServer("ss", "-Hltn", "sport = :1723")).isBlank()) {
                return;
            }
            pause(server, log);
        }
        throw new BenchmarkException("The PPTP server does not listen; its log is " + log);
    }

    /** OpenVPN, AES-128-GCM over UDP, without the kernel's data channel offload. */
    Contender openVpn(String name) {
        Wire wire = new Wire("openvpn");
        Path log = log("openvpn");
        Path server = certificate("server");
        Path client = certificate("client");
        Process process = start(log, wire.atServer(openVpn(server, client, Contender.INNER_SERVER,
                Contender.INNER_CLIENT, "--tls-server", "--dh", "none")));
        start(log, wire.atClient(openVpn(client, server, Contender.INNER_CLIENT, Contender.INNER_SERVER,
                "--tls-client", "--remote", Wire.SERVER_ADDRESS, "--nobind")));
        return ready(new Contender(name, wire, process, Contender.INNER_SERVER, log));
    }

    private String[] openVpn(Path own, Path peer, String address, String peerAddress, String... role) {
        List<String> command = new ArrayList<>(List.of("openvpn", "--dev", "vpn", "--dev-type", "tun",
                "--proto",
                "udp", "--disable-dco", "--data-ciphers", "AES-128-GCM", "--tun-mtu", MTU, "--ifconfig",
                address, peerAddress, "--cert", own + ".crt", "--key", own + ".key", "--peer-fingerprint",
                fingerprint(peer)));
        command.addAll(Arrays.asList(role));
        return command.toArray(String[]::new);
    }

    private Path certificate(String name) {
        Path path = directory.resolve("openvpn-" + name);
        Commands.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-keyout", path + ".key", "-out", path + ".crt", "-days", "2", "-subj",
                "/CN=" + name);
        return path;
    }

    private static String fingerprint(Path certificate) {
        String line = Commands.run("openssl", "x509", "-in", certificate + ".crt", "-noout", "-sha256",
                "-fingerprint");
        return line.substring(line.indexOf('=') + 1).strip();
    }

    /** WireGuard in userspace. */
    Contender wireGuard(String name) {
        Wire wire = new Wire("wireguard");
        Path log = log("wireguard");
        // The control socket's name follows the interface's, and is the whole machine's.
        Process server = start(log, wire.atServer("wireguard-go", "-f", "pptpbench-s"));
        Process client = start(log, wire.atClient("wireguard-go", "-f", "pptpbench-c"));
        String serverKey = wireGuardKey("server");
        String clientKey = wireGuardKey("client");
        wireGuardUp(wire.atServer("wg", "set", "pptpbench-s", "listen-port", "51820", "private-key",
                key("server"),
                "peer", clientKey, "allowed-ips", Contender.INNER_CLIENT + "/32"), server, log);
        wireGuardUp(wire.atClient("wg", "set", "pptpbench-c", "private-key", key("client"), "peer", serverKey,
                "allowed-ips", Contender.INNER_SERVER + "/32", "endpoint", Wire.SERVER_ADDRESS + ":51820"),
                client, log);
        for (String[] command : List.of(
                new String[]{"ip", "addr", "add", Contender.INNER_SERVER + "/24", "dev", "pptpbench-s"},
                new String[]{"ip", "link", "set", "pptpbench-s", "mtu", MTU, "up"})) {
            Commands.run(wire.atServer(command));
        }
        Commands.run(
                wire.atClient("ip", "addr", "add", Contender.INNER_CLIENT + "/24", "dev", "pptpbench-c"));
        Commands.run(wire.atClient("ip", "link", "set", "pptpbench-c", "mtu", MTU, "up"));
        return ready(new Contender(name, wire, server, Contender.INNER_SERVER, log));
    }

    private static void wireGuardUp(List<String> command, Process daemon, Path log) {
        for (int i = 0;; i++) {
            try {
                Commands.run(command);
                return;
            } catch (BenchmarkException e) {
                if (i == START_TRIES) {
                    throw e;
                }
                pause(daemon, log);
            }
        }
    }

    private String key(String name) {
        return directory.resolve("wireguard-" + name).toString();
    }

    /** Makes a private key; returns its public half. */
    private String wireGuardKey(String name) {
        write(Path.of(key(name)), Commands.run("wg", "genkey"));
        return Commands.run("sh", "-c", "wg pubkey < '" + key(name) + "'").strip();
    }

    private static Contender ready(Contender contender) {
        for (int i = 0; i < START_TRIES; i++) {
            try {
                Commands.run(contender.wire().atClient("ping", "-c1", "-W1", contender.address()));
                return contender;
            } catch (BenchmarkException e) {
                pause(contender.server(), contender.log());
            }
        }
        throw new BenchmarkException(contender.name() + " does not connect; its log is " + contender.log());
    }

    private static void pause(Process daemon, Path log) {
        try {
            if (daemon.waitFor(500, TimeUnit.MILLISECONDS)) {
                throw new BenchmarkException("a server has ended by itself; its log is " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    private static Process start(Path log, List<String> command) {
        return Commands.start(log, command);
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
