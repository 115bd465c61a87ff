package io.pptpoperator.benchmarks.tunnel;

import io.pptpoperator.benchmarks.lab.BenchmarkException;
import io.pptpoperator.benchmarks.lab.Commands;
import io.pptpoperator.benchmarks.lab.DataplaneProgram;
import io.pptpoperator.benchmarks.lab.PptpServerProcess;
import io.pptpoperator.benchmarks.lab.Wire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts each VPN as its users do: with its defaults, but for addresses, the inner MTU, and what the tables name. */
final class Contenders {
    private static final int START_TRIES = 60;
    private static final String MTU = Integer.toString(Contender.INNER_MTU);

    private final Path directory;

    /** @param directory for keys, configurations and logs */
    Contenders(Path directory) {
        this.directory = directory;
    }

    /**
     * This project's server and client.
     *
     * @param program the build that is both
     */
    Contender pptp(String name, String wireName, DataplaneProgram program, PptpTunnel tunnel) {
        Wire wire = new Wire(wireName);
        Path log = log(wireName);
        Path config = directory.resolve(wireName);
        DataplaneProgram.write(config.resolve("server.yaml"), """
                localIP: %s
                pools: ["%s"]
                mtu: %s
                nat: {enabled: false}
                hostAccess:
                  - {protocol: TCP, ports: [1-65535]}
                  - {protocol: UDP, ports: [1-65535]}
                encryption: {policy: Preferred}
                %s
                """.formatted(Contender.INNER_SERVER, Contender.INNER_CLIENT, MTU,
                tunnel.xdp() ? "xdpSockets: Auto" : ""));
        DataplaneProgram.write(config.resolve("users.yaml"), """
                users:
                  - {username: bench, password: "benchmark"%s}
                """.formatted(tunnel.ofUser().isEmpty() ? "" : ", " + tunnel.ofUser()));
        Path password = config.resolve("password");
        DataplaneProgram.write(password, "benchmark\n");
        Process server = PptpServerProcess.start(program, wire, config, log).process();
        List<String> connect = new ArrayList<>(List.of("connect", Wire.SERVER_ADDRESS, "--user", "bench",
                "--password-file", password.toString(), "--encryption", tunnel.encrypted() ? "required" : "off"));
        if (tunnel.xdp()) {
            connect.add("--xdp");
        }
        start(directory.resolve(wireName + "-client.log"),
                wire.atClient(program.command(connect.toArray(String[]::new))));
        return ready(new Contender(name, wire, server, Contender.INNER_SERVER, log));
    }

    /** OpenVPN, AES-128-GCM over UDP, without the kernel's data channel offload. */
    Contender openVpn(String name) {
        Wire wire = new Wire("openvpn");
        Path log = log("openvpn");
        Path server = certificate("server");
        Path client = certificate("client");
        Process process = start(log, wire.atServer(openVpn(server, client, Contender.INNER_SERVER,
                Contender.INNER_CLIENT, "--tls-server", "--dh", "none")));
        start(log, wire.atClient(openVpn(client, server, Contender.INNER_CLIENT, Contender.INNER_SERVER, "--tls-client",
                "--remote", Wire.SERVER_ADDRESS, "--nobind")));
        return ready(new Contender(name, wire, process, Contender.INNER_SERVER, log));
    }

    private String[] openVpn(Path own, Path peer, String address, String peerAddress, String... role) {
        List<String> command = new ArrayList<>(List.of("openvpn", "--dev", "vpn", "--dev-type", "tun", "--proto", "udp",
                "--disable-dco", "--data-ciphers", "AES-128-GCM", "--tun-mtu", MTU, "--ifconfig", address, peerAddress,
                "--cert", own + ".crt", "--key", own + ".key", "--peer-fingerprint", fingerprint(peer)));
        command.addAll(Arrays.asList(role));
        return command.toArray(String[]::new);
    }

    private Path certificate(String name) {
        Path path = directory.resolve("openvpn-" + name);
        Commands.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", path + ".key", "-out", path + ".crt", "-days", "2", "-subj", "/CN=" + name);
        return path;
    }

    private static String fingerprint(Path certificate) {
        String line = Commands.run("openssl", "x509", "-in", certificate + ".crt", "-noout", "-sha256", "-fingerprint");
        return line.substring(line.indexOf('=') + 1).strip();
    }

    /**
     * WireGuard in userspace.
     *
     * @param program the wireguard-go to run
     * @param number of this contender among those of its kind
     */
    Contender wireGuard(String name, String program, int number) {
        String wireName = "wireguard" + number;
        Wire wire = new Wire(wireName);
        Path log = log(wireName);
        // The control socket's name follows the interface's, and is the whole machine's.
        String atServer = "pptpbench-s" + number;
        String atClient = "pptpbench-c" + number;
        Process server = start(log, wire.atServer(program, "-f", atServer));
        Process client = start(log, wire.atClient(program, "-f", atClient));
        String serverKey = wireGuardKey(wireName + "-server");
        String clientKey = wireGuardKey(wireName + "-client");
        wireGuardUp(wire.atServer("wg", "set", atServer, "listen-port", "51820", "private-key",
                key(wireName + "-server"), "peer", clientKey, "allowed-ips", Contender.INNER_CLIENT + "/32"), server,
                log);
        wireGuardUp(
                wire.atClient("wg", "set", atClient, "private-key", key(wireName + "-client"), "peer", serverKey,
                        "allowed-ips", Contender.INNER_SERVER + "/32", "endpoint", Wire.SERVER_ADDRESS + ":51820"),
                client, log);
        Commands.run(wire.atServer("ip", "addr", "add", Contender.INNER_SERVER + "/24", "dev", atServer));
        Commands.run(wire.atServer("ip", "link", "set", atServer, "mtu", MTU, "up"));
        Commands.run(wire.atClient("ip", "addr", "add", Contender.INNER_CLIENT + "/24", "dev", atClient));
        Commands.run(wire.atClient("ip", "link", "set", atClient, "mtu", MTU, "up"));
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
        return directory.resolve(name + ".key").toString();
    }

    /** Makes a private key; returns its public half. */
    private String wireGuardKey(String name) {
        DataplaneProgram.write(Path.of(key(name)), Commands.run("wg", "genkey"));
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
}
