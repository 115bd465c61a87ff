package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.pptpdimport.PptpdConf.Setting;
import io.pptpoperator.operator.roster.AddressRights;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The spec of the PptpServer that takes pptpd's place. */
final class ServerDraft {

    /** The first local address of pptpd when {@code localip} says nothing. */
    private static final String DEFAULT_LOCAL = "192.168.0.1";
    private static final String DEFAULT_REMOTE = "192.168.1.1-100";
    private static final int MAX_POOLS = 64;

    /** What becomes of settings of pptpd without a counterpart. */
    private static final Map<String, String> FATES = Map.of("bcrelay",
            "has no counterpart: broadcasts are not relayed. Let clients find Windows machines by name: give "
                    + "them a WINS or DNS server (wins, dns)",
            "logwtmp", "has no counterpart: logins are in the log, the metrics and each VpnUser's status", "noipparam",
            "has no counterpart: the server runs no scripts that it could tell an address", "pidfile",
            "has no counterpart: systemd or Kubernetes know the process", "ppp",
            "has no counterpart: the server does PPP itself, without pppd", "speed",
            "has no counterpart: it changed nothing but a number that clients show", "stimeout",
            "has no counterpart: authentication.timeout bounds the whole login", "vrf",
            "has no counterpart: start the server inside the VRF (ip vrf exec)");

    private final PptpdConf conf;
    private final PppdSettings pppd;
    private final List<Remark> comments;
    private final List<Remark> problems;

    ServerDraft(PptpdConf conf, PppdSettings pppd, List<Remark> comments, List<Remark> problems) {
        this.conf = conf;
        this.pppd = pppd;
        this.comments = comments;
        this.problems = problems;
    }

    /**
     * The spec.
     *
     * @param userAddresses addresses of users: what a server lends that leaves the choice to pppd, and what any other
     *     has to allow
     */
    Map<String, Object> spec(Collection<Ipv4Address> userAddresses) {
        conf.settings()
                .values()
                .forEach(setting -> Optional.ofNullable(FATES.get(setting.keyword()))
                        .ifPresent(fate -> comments.add(setting.remark(fate))));
        var spec = new LinkedHashMap<String, Object>();
        Ipv4Address local = localIP();
        spec.put("localIP", local.toString());
        AddressPool pool = pool(userAddresses, local);
        List<String> pools = pool.ranges().stream().limit(MAX_POOLS).map(AddressRange::toString).toList();
        spec.put("pools", pools);
        // pppd gives a user whatever address stands in its line.
        UserNetworks.allow(userAddresses, new AddressRights(local.toString(), pools, List.of()), spec, "chap-secrets",
                "remoteip", comments, problems);
        pppd.addTo(spec);
        limits(spec);
        listen(spec);
        if (conf.get("debug").isPresent() || pppd.debug()) {
            spec.put("log", Map.of("level", "Debug"));
        }
        comments.add(new Remark("nat.enabled", 0, "true, the default: clients' packets leave with the server's "
                + "address. pptpd left that to iptables; remove such a rule, or set false if clients shall keep theirs"));
        comments.add(new Remark("isolateClients", 0, "true, the default: clients do not reach each other. pptpd left "
                + "that to the machine's firewall; set false if they need to"));
        return spec;
    }

    Ipv4Address localIP() {
        Optional<Setting> setting = conf.get("localip").filter(it -> !delegates());
        if (setting.isEmpty()) {
            if (pppd.localAddress().isPresent()) {
                return pppd.localAddress().get();
            }
            comments.add(new Remark("localIP", 0, "pptpd's own default, because localip is not set"));
            return Ipv4Address.parse(DEFAULT_LOCAL);
        }
        List<AddressRange> ranges = ranges(setting.get());
        if (ranges.isEmpty()) {
            return Ipv4Address.parse(DEFAULT_LOCAL);
        }
        Ipv4Address first = ranges.getFirst().first();
        if (ranges.size() > 1 || ranges.getFirst().size() > 1) {
            comments.add(
                    setting.get().remark("only " + first + " is used: one address is the server's end of all links"));
        }
        return first;
    }

    private AddressPool pool(Collection<Ipv4Address> userAddresses, Ipv4Address local) {
        Optional<Setting> setting = conf.get("remoteip");
        AddressPool pool;
        if (delegates()) {
            Setting delegate = conf.get("delegate").orElseThrow();
            pool = AddressPool.of(userAddresses.stream().map(it -> new AddressRange(it, it)).toList());
            comments.add(delegate.remark("the pool is made of the addresses in chap-secrets, which pppd chose from; "
                    + "add some for users without an address"));
            if (pool.isEmpty()) {
                problems.add(delegate.remark("leaves the addresses to RADIUS or pppd, so there are none to import; put "
                        + "the right ones into spec.pools"));
            }
        } else if (setting.isEmpty()) {
            comments.add(new Remark("pools", 0, "pptpd's own default, because remoteip is not set"));
            pool = AddressPool.of(IpSpecification.parse(DEFAULT_REMOTE));
        } else {
            pool = AddressPool.of(ranges(setting.get()));
        }
        if (pool.contains(local)) {
            comments.add(new Remark("pools", 0, local + " was taken out: it is localIP"));
            pool = pool.minus(AddressPool.parseExclusion(local.toString()));
        }
        if (pool.ranges().size() > MAX_POOLS) {
            problems.add(setting.orElseThrow()
                    .remark("makes " + pool.ranges().size() + " separate ranges, of which only " + "the first "
                            + MAX_POOLS + " were taken; larger ranges would be right"));
        }
        if (pool.isEmpty()) {
            pool = AddressPool.of(IpSpecification.parse(DEFAULT_REMOTE))
                    .minus(AddressPool.parseExclusion(local.toString()));
        }
        return pool;
    }

    private boolean delegates() {
        return conf.get("delegate").isPresent();
    }

    private List<AddressRange> ranges(Setting setting) {
        try {
            return IpSpecification.parse(setting.value());
        } catch (IllegalArgumentException e) {
            problems.add(setting.remark(e.getMessage() + "; pptpd's default stands in its place"));
            return List.of();
        }
    }

    private void limits(Map<String, Object> spec) {
        conf.get("connections").ifPresent(setting -> {
            if (setting.value().matches("[0-9]{1,5}") && Integer.parseInt(setting.value()) >= 1
                    && Integer.parseInt(setting.value()) <= 65_535) {
                spec.put("limits", Map.of("maxSessions", Integer.parseInt(setting.value())));
            } else {
                problems.add(setting.remark("is not a number from 1 to 65535"));
            }
        });
    }

    private void listen(Map<String, Object> spec) {
        conf.get("listen").ifPresent(setting -> {
            try {
                Ipv4Address address = Ipv4Address.parse(setting.value());
                if (!address.equals(Ipv4Address.ANY)) {
                    spec.put("exposure", Map.of("addresses", List.of(address.toString())));
                    comments.add(setting.remark("is shown as the address to dial, but the server listens on all "
                            + "addresses of its machine; close the others for TCP port 1723 in the firewall"));
                }
            } catch (IllegalArgumentException e) {
                problems.add(setting.remark(e.getMessage()));
            }
        });
    }
}
