package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.roster.AddressRights;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A PptpServer's spec in the making, from a program that says most of what a spec says, in words of its own. What
 * cannot be as it was is a comment; what is wrong is a problem; nothing is ever taken for weaker than it was.
 */
final class ServerSpec {

    private static final int MAX_POOLS = 64;
    private static final int MAX_SERVERS = 2;

    private final String file;
    private final List<Remark> comments;
    private final List<Remark> problems;
    private final Map<String, Object> spec = new LinkedHashMap<>();
    private final List<AddressRange> ranges = new ArrayList<>();
    private final List<String> dns = new ArrayList<>();
    private final List<String> wins = new ArrayList<>();
    private Optional<Ipv4Address> local = Optional.empty();

    ServerSpec(String file, List<Remark> comments, List<Remark> problems) {
        this.file = file;
        this.comments = comments;
        this.problems = problems;
    }

    void put(String field, Object value) {
        spec.put(field, value);
    }

    /** Adds what one line says, or notes that it is wrong. */
    void add(int line, String setting, Runnable what) {
        try {
            what.run();
        } catch (IllegalArgumentException e) {
            problems.add(new Remark(file, line, setting + ": " + e.getMessage()));
        }
    }

    /** The server's end of every link. */
    void local(String address) {
        local = Optional.of(Ipv4Address.parse(address));
    }

    /** Addresses for clients: {@code 10.0.0.2-10.0.0.9}, {@code 10.0.0.2-9}, a network or one address. */
    void pool(String text) {
        int dash = text.indexOf('-');
        if (dash > 0 && !text.substring(dash + 1).contains(".")) {
            ranges.addAll(IpSpecification.parse(text));
        } else {
            ranges.addAll(AddressPool.parse(text).ranges());
        }
    }

    void dns(String address) {
        server(dns, address);
    }

    void wins(String address) {
        server(wins, address);
    }

    private static void server(List<String> servers, String address) {
        String text = Ipv4Address.parse(address).toString();
        if (!servers.contains(text)) {
            servers.add(text);
        }
    }

    void sessions(int perUser, boolean replace, Map<String, String> limits) {
        var sessions = new LinkedHashMap<String, Object>();
        sessions.put("perUser", perUser);
        if (perUser == 0) {
            comments.add(new Remark("sessionPolicy.perUser", 0,
                    "0, because a user could log in any number of times; 1 is safer"));
        } else if (!replace) {
            sessions.put("whenExceeded", "Deny");
        }
        sessions.putAll(limits);
        spec.put("sessionPolicy", sessions);
    }

    /**
     * Which methods and which encryption.
     *
     * @param methods names of {@code authentication.methods}; none: only MSCHAPv2, with a comment
     * @param policy a name of {@code encryption.policy}
     */
    void security(List<String> methods, String policy) {
        List<String> chosen = methods;
        if (methods.isEmpty()) {
            chosen = List.of("MSCHAPv2");
            comments.add(
                    new Remark("authentication.methods", 0, "MSCHAPv2 alone, because the file names no method; add "
                            + "MSCHAPv1, CHAP-MD5 or PAP when a device knows nothing better"));
        }
        String kept = policy;
        if (!policy.equals("Off") && chosen.stream().noneMatch(it -> it.startsWith("MSCHAP"))) {
            kept = policy.equals("Required") ? "Required" : "Off";
            problems.add(new Remark(file, 0, "MPPE takes its keys from MS-CHAP, and only "
                    + String.join(" and ", chosen) + " is allowed, so that nothing could be encrypted"
                    + (kept.equals("Off") ? "; encryption.policy became Off" : "; MSCHAPv2 was put in its place")));
            chosen = kept.equals("Off") ? chosen : List.of("MSCHAPv2");
        }
        spec.put("authentication", Map.of("methods", chosen));
        spec.put("encryption",
                kept.equals("Off") ? Map.of("policy", kept) : Map.of("policy", kept, "keyLengths", List.of(128)));
    }

    /** The spec, with room for the addresses that users have of their own. */
    Map<String, Object> spec(Collection<Ipv4Address> userAddresses) {
        var whole = new LinkedHashMap<String, Object>();
        AddressPool pool = AddressPool.of(ranges);
        if (pool.isEmpty()) {
            pool = AddressPool.of(userAddresses.stream().map(it -> new AddressRange(it, it)).toList());
            problems.add(
                    new Remark("pools", 0, "the file names no addresses for clients; those of its users stand there, "
                            + "or 192.168.1.1-100 where they have none: put the right ones into spec.pools"));
            pool = pool.isEmpty() ? AddressPool.parse("192.168.1.1-192.168.1.100") : pool;
        }
        Ipv4Address own = local.orElse(beside(pool));
        if (local.isEmpty()) {
            comments.add(new Remark("localIP", 0,
                    own + ", because the file does not say what the server's end of the " + "links is"));
        }
        if (pool.contains(own)) {
            pool = pool.minus(AddressPool.parseExclusion(own.toString()));
            comments.add(new Remark("pools", 0, own + " was taken out: it is localIP"));
        }
        List<String> pools = pool.ranges().stream().limit(MAX_POOLS).map(AddressRange::toString).toList();
        if (pool.ranges().size() > MAX_POOLS) {
            problems.add(
                    new Remark("pools", 0, "there are " + pool.ranges().size() + " separate ranges, of which only the "
                            + "first " + MAX_POOLS + " were taken; larger ranges would be right"));
        }
        whole.put("localIP", own.toString());
        whole.put("pools", pools);
        UserNetworks.allow(userAddresses, new AddressRights(own.toString(), pools, List.of()), whole, "the file",
                "its pools", comments, problems);
        servers("dns", dns, whole);
        servers("wins", wins, whole);
        whole.putAll(spec);
        comments.add(
                new Remark("nat.enabled", 0, "true, the default: clients' packets leave with the server's address; "
                        + "set false if the machine had no such rule"));
        comments.add(new Remark("isolateClients", 0,
                "true, the default: clients do not reach each other; set false if " + "they need to"));
        return whole;
    }

    private void servers(String field, List<String> servers, Map<String, Object> whole) {
        if (!servers.isEmpty()) {
            whole.put(field, servers.stream().limit(MAX_SERVERS).toList());
        }
        if (servers.size() > MAX_SERVERS) {
            comments.add(new Remark(field, 0, "the first two of " + servers.size() + ": clients take no more"));
        }
    }

    /** The lowest host address of the pool's /24 that the pool does not lend, or one outside. */
    private static Ipv4Address beside(AddressPool pool) {
        int network = pool.ranges().getFirst().first().bits() & 0xffffff00;
        for (int host = 1; host < 255; host++) {
            var address = new Ipv4Address(network | host);
            if (!pool.contains(address)) {
                return address;
            }
        }
        return Ipv4Address.parse("10.255.254.0");
    }
}
