package io.pptpoperator.dataplane.interop.lab;

import io.pptpoperator.dataplane.linux.TapDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The lab's wiring. One namespace is the wires: three bridges, and the taps of the guests. The others are hosts.
 *
 * <pre>
 * guests' vec0 ── access 198.51.100.0/24 ── server ── uplink 203.0.113.0/24 ── internet (web, DNS)
 *                        │                                  └── stubborn (web)
 *                       nat
 *                        │
 * guests' vec1 ── home 198.18.1.0/24 ── homepc (our client)
 * </pre>
 *
 * Beside the server hangs, when asked for, a second one, and the crowd, for many simulated clients. The reference server's guest hangs beside the server,
 * between access and uplink.
 */
final class Topology implements AutoCloseable {

    /** The bridges. */
    enum Wire {
        ACCESS, HOME, UPLINK;

        private String bridge() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final List<Namespace> namespaces = new ArrayList<>();
    private final Namespace wires;
    private final Namespace server;
    private Namespace secondServer;
    private final Namespace nat;
    private final Namespace homeClient;
    private final Namespace crowd;
    private final Namespace internet;
    private final Namespace stubborn;

    /** @param scripts directory with the nftables rule sets */
    Topology(Path scripts) {
        Namespace.removeLeftovers();
        try {
            wires = host("wires");
            for (Wire wire : Wire.values()) {
                wires.must("ip", "link", "add", wire.bridge(), "type", "bridge");
                wires.must("ip", "link", "set", wire.bridge(), "up");
            }
            server = serverHost("server", Lab.SERVER, Lab.SERVER_UPLINK);

            nat = host("nat");
            cable(nat, "wan0", Wire.ACCESS, Lab.NAT_OUTSIDE);
            cable(nat, "lan0", Wire.HOME, Lab.NAT_INSIDE);
            nat.set("net.ipv4.ip_forward", 1);
            nat.must("nft", "-f", scripts.resolve("nat-gateway.nft").toString());

            homeClient = host("homepc");
            cable(homeClient, "eth0", Wire.HOME, Lab.HOME_CLIENT);
            homeClient.must("ip", "route", "add", "default", "via", Lab.NAT_INSIDE);
            crowd = host("crowd");
            cable(crowd, "eth0", Wire.ACCESS, Lab.CROWD);

            internet = host("internet");
            cable(internet, "eth0", Wire.UPLINK, Lab.INTERNET);
            internet.must("ip", "address", "add", Lab.WEB + "/24", "dev", "eth0");
            internet.must("ip", "address", "add", Lab.DNS + "/24", "dev", "eth0");
            internet.must("ip", "route", "add", Lab.REFERENCE_CLIENTS, "via", Lab.REFERENCE_UPLINK);
            internet.must("nft", "-f", scripts.resolve("internet.nft").toString());

            stubborn = host("stubborn");
            cable(stubborn, "eth0", Wire.UPLINK, Lab.STUBBORN_WEB);
            stubborn.must("ip", "route", "add", Lab.REFERENCE_CLIENTS, "via", Lab.REFERENCE_UPLINK);
            // The floor under what a peer's MSS option can ask for: with the Ethernet value it asks in vain.
            stubborn.set("net.ipv4.tcp_min_snd_mss", 1460);
            stubborn.must("nft", "-f", scripts.resolve("stubborn.nft").toString());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Namespace serverHost(String role, String address, String uplink) {
        Namespace host = host(role);
        cable(host, "access0", Wire.ACCESS, address);
        cable(host, "uplink0", Wire.UPLINK, uplink);
        host.must("ip", "route", "add", "default", "via", Lab.INTERNET);
        return host;
    }

    private Namespace host(String role) {
        var namespace = Namespace.create(role);
        namespaces.add(namespace);
        return namespace;
    }

    private void cable(Namespace host, String card, Wire wire, String address) {
        String port = port(host, card);
        wires.must("ip", "link", "add", port, "master", wire.bridge(), "up", "type", "veth", "peer", "name", card,
                "netns", host.name());
        host.must("ip", "address", "add", address + "/24", "dev", card);
        host.must("ip", "link", "set", card, "up");
    }

    /** Makes a tap device for a guest's network card and plugs it into a bridge. */
    String tap(String guest, int card, Wire wire) {
        String tap = port(guest, card);
        wires.must("ip", "tuntap", "add", tap, "mode", "tap");
        wires.must("ip", "link", "set", tap, "master", wire.bridge(), "up");
        return tap;
    }

    /**
     * Puts a wire with weather between a host and the bridge that it hangs on.
     *
     * @param port of the host's card or the guest's tap, as {@link #port} and {@link #tap} name it
     */
    LongWire lengthen(String port, Weather out, Weather back, long seed) {
        String bridge = wires.must("sh", "-c", "basename $(readlink /sys/class/net/" + port + "/master)").strip();
        String near = shortened("n-" + port);
        String machine = shortened("m-" + port);
        String network = shortened("w-" + port);
        wires.must("ip", "link", "add", near, "type", "bridge");
        TapDevice machineEnd = TapDevice.open(wires.file(), machine);
        TapDevice networkEnd = TapDevice.open(wires.file(), network);
        wires.must("ip", "link", "set", machine, "master", near, "up");
        wires.must("ip", "link", "set", network, "master", bridge, "up");
        wires.must("ip", "link", "set", near, "up");
        wires.must("ip", "link", "set", port, "master", near);
        return new LongWire(machineEnd, networkEnd, out, back, seed, () -> {
            wires.must("ip", "link", "set", port, "master", bridge);
            wires.must("ip", "link", "delete", near);
        });
    }

    /** The end, in the namespace of the wires, of a host's card. */
    static String port(Namespace host, String card) {
        return shortened(host.name().substring(host.name().lastIndexOf('-') + 1) + "-" + card);
    }

    /** The tap of a guest's network card. */
    static String port(String guest, int card) {
        return shortened(guest + "-vec" + card);
    }

    private static String shortened(String interfaceName) {
        return interfaceName.substring(0, Math.min(15, interfaceName.length()));
    }

    /** Where the guests' kernels run. */
    Namespace wires() {
        return wires;
    }

    /** Where the server under test runs. */
    Namespace server() {
        return server;
    }

    /** Where another server runs, made when first asked for. */
    synchronized Namespace secondServer() {
        if (secondServer == null) {
            secondServer = serverHost("server2", Lab.SECOND_SERVER, Lab.SECOND_UPLINK);
        }
        return secondServer;
    }

    /** The home router. */
    Namespace nat() {
        return nat;
    }

    /** Where our own client runs. */
    Namespace homeClient() {
        return homeClient;
    }

    /** Where many simulated clients run. */
    Namespace crowd() {
        return crowd;
    }

    /** Where the web server and the DNS server run. */
    Namespace internet() {
        return internet;
    }

    /** Where the web server runs that heeds neither MSS nor ICMP. */
    Namespace stubborn() {
        return stubborn;
    }

    @Override
    public void close() {
        namespaces.reversed().forEach(Namespace::close);
        namespaces.clear();
    }
}
