package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** What pppd's options add up to; of an option that is said twice the later one counts, as for pppd. */
final class PppdSettings {

    private static final List<String> METHODS = List.of("require-mschap-v2", "require-mschap", "require-chap",
            "require-pap");
    private static final List<String> METHOD_NAMES = List.of("MSCHAPv2", "MSCHAPv1", "CHAP-MD5", "PAP");
    private static final int SECONDS_OF_A_YEAR = 8760 * 3600;
    private static final int MAX_SERVERS = 2;

    private final List<Remark> comments;
    private final List<Remark> problems;
    private final Map<String, PppdOption> options = new LinkedHashMap<>();
    private final Deque<PppdOption> dns = new ArrayDeque<>();
    private final Deque<PppdOption> wins = new ArrayDeque<>();
    private Optional<Ipv4Address> localAddress = Optional.empty();
    /** The key lengths that options ask for; pppd encrypts when there is one, and then insists on it. */
    private final Set<Integer> required = new TreeSet<>(Comparator.reverseOrder());
    private final Set<Integer> forbidden = new HashSet<>();
    /** The last option that asked for encryption, whatever others took back later. */
    private Optional<PppdOption> asked = Optional.empty();
    private boolean stateful;
    private Optional<PppdOption> proxyArp = Optional.empty();
    private Optional<PppdOption> radiusPlugin = Optional.empty();
    private Optional<String> radiusConfiguration = Optional.empty();

    PppdSettings(List<PppdOption> given, List<Remark> comments, List<Remark> problems) {
        this.comments = comments;
        this.problems = problems;
        given.forEach(this::take);
    }

    private void take(PppdOption option) {
        switch (option.name()) {
            case "ms-dns" -> server(option, dns);
            case "ms-wins" -> server(option, wins);
            case "require-mppe" -> require(option, 128, 40);
            case "require-mppe-128" -> require(option, 128);
            case "require-mppe-40" -> require(option, 40);
            case "nomppe" -> {
                required.clear();
                options.put(option.name(), option);
            }
            case "nomppe-128" -> forbid(128);
            case "nomppe-40" -> forbid(40);
            case "nomppe-56" -> {
                // pppd has no keys of 56 bits.
            }
            case "proxyarp" -> proxyArp = Optional.of(option);
            case "noproxyarp" -> proxyArp = Optional.empty();
            case "mppe-stateful" -> stateful = true;
            case "nomppe-stateful" -> stateful = false;
            case "mppe" -> oldMppe(option);
            case "plugin" -> plugin(option);
            case "radius-config-file" -> radiusConfiguration = Optional.of(option.argument());
            case PppdOption.ADDRESSES -> addresses(option);
            default -> {
                Optional<String> fate = PppdOptionTable.fate(option.name());
                fate.ifPresent(it -> comments.add(option.remark(it)));
                if (fate.isEmpty()) {
                    options.put(option.name(), option);
                }
            }
        }
    }

    private void plugin(PppdOption option) {
        switch (option.argument().substring(option.argument().lastIndexOf('/') + 1)) {
            case "radius.so" -> radiusPlugin = Optional.of(option);
            case "radattr.so" -> comments.add(option.remark("has no counterpart: no file has a session's attributes"));
            default -> PppdOptionTable.fate(option.name()).ifPresent(it -> comments.add(option.remark(it)));
        }
    }

    /** What loads pppd's RADIUS plugin, which decides about every login then. */
    Optional<PppdOption> radiusPlugin() {
        return radiusPlugin;
    }

    /** Where the plugin's configuration is, if an option says so. */
    Optional<String> radiusConfiguration() {
        return radiusConfiguration;
    }

    /** Of several servers pppd tells its clients the last two, the very last one as the second. */
    private void server(PppdOption option, Deque<PppdOption> servers) {
        try {
            Ipv4Address.parse(option.argument());
        } catch (IllegalArgumentException e) {
            problems.add(option.remark(e.getMessage()));
            return;
        }
        servers.removeIf(before -> before.argument().equals(option.argument()));
        servers.add(option);
        if (servers.size() > MAX_SERVERS) {
            comments.add(servers.removeFirst()
                    .remark("was left out: pppd tells clients the last two, and clients take no more"));
        }
    }

    /** Each of these options adds key lengths to those that pppd takes, as its bit masks do. */
    private void require(PppdOption option, Integer... lengths) {
        required.addAll(List.of(lengths));
        asked = Optional.of(option);
    }

    private void forbid(int length) {
        required.remove(length);
        forbidden.add(length);
    }

    /** The syntax of the patches that brought MPPE to pppd before 2.4.2: {@code mppe required,no40,no56,stateless}. */
    private void oldMppe(PppdOption option) {
        List<String> words = List.of(option.argument().split(",", -1));
        if (words.contains("required")) {
            require(option, 128, 40);
        }
        for (String word : words) {
            switch (word) {
                case "no40" -> forbid(40);
                case "no128" -> forbid(128);
                case "stateless" -> stateful = false;
                case "required", "no56", "optional" -> {
                    // Said above, or what pppd does anyway: it has no keys of 56 bits.
                }
                default -> problems.add(option.remark("'" + word + "' is not known"));
            }
        }
    }

    private void addresses(PppdOption option) {
        String local = option.argument().split(":", -1)[0];
        try {
            localAddress = local.isEmpty() ? localAddress : Optional.of(Ipv4Address.parse(local));
        } catch (IllegalArgumentException e) {
            problems.add(option.remark(e.getMessage()));
        }
        if (!option.argument().endsWith(":") && option.argument().contains(":")) {
            comments.add(
                    option.remark("the address of the client is not used; pools are for all clients, and a VpnUser "
                            + "can have an address of its own"));
        }
    }

    Optional<Ipv4Address> localAddress() {
        return localAddress;
    }

    /** The name that pppd calls itself, for the second field of its secrets. */
    String name(String hostName) {
        String domain = options.containsKey("domain") ? "." + options.get("domain").argument() : "";
        return options.containsKey("name") ? options.get("name").argument() : hostName + domain;
    }

    boolean debug() {
        return options.containsKey("debug");
    }

    /** Adds what the options say to a PptpServer's spec. */
    void addTo(Map<String, Object> spec) {
        if (!dns.isEmpty()) {
            spec.put("dns", dns.stream().map(PppdOption::argument).toList());
        }
        if (!wins.isEmpty()) {
            spec.put("wins", wins.stream().map(PppdOption::argument).toList());
        }
        List<String> methods = methods();
        spec.put("authentication", Map.of("methods", methods));
        encryption(spec, methods);
        proxyArp.ifPresent(option -> {
            spec.put("proxyARP", true);
            comments.add(
                    option.remark("clients with addresses of a LAN are found there by ARP, as before. That needs a "
                            + "machine (or pod) with an interface in that LAN, and addresses that nobody else there has. Elsewhere "
                            + "set it to false and take pools from a network of their own, such as 10.118.0.10-10.118.0.200, with "
                            + "localIP 10.118.0.1; with NAT (the default) clients reach the LAN all the same"));
        });
        mtu(spec);
        keepalive(spec);
        var sessions = new LinkedHashMap<String, Object>();
        sessions.put("perUser", 0);
        comments.add(new Remark("sessionPolicy.perUser", 0,
                "0, because pppd lets a user log in any number of times; 1 is safer"));
        seconds("idle", SECONDS_OF_A_YEAR).ifPresent(it -> sessions.put("idleTimeout", it + "s"));
        seconds("maxconnect", SECONDS_OF_A_YEAR).ifPresent(it -> sessions.put("maxDuration", it + "s"));
        spec.put("sessionPolicy", sessions);
    }

    private List<String> methods() {
        var methods = new ArrayList<String>();
        for (int i = 0; i < METHODS.size(); i++) {
            if (options.containsKey(METHODS.get(i))) {
                methods.add(METHOD_NAMES.get(i));
            }
        }
        if (methods.isEmpty()) {
            comments.add(new Remark("authentication.methods", 0,
                    "MSCHAPv2 alone, because no option requires a method; pppd would take anything. Add MSCHAPv1, "
                            + "CHAP-MD5 or PAP when a device knows nothing better"));
            return List.of("MSCHAPv2");
        }
        if (methods.contains("PAP")) {
            comments.add(options.get("require-pap")
                    .remark("pppd takes PAP's passwords from pap-secrets, which was not "
                            + "read; users are those of chap-secrets"));
        }
        if (asked.isPresent() && !required.isEmpty() && methods.stream().noneMatch(it -> it.startsWith("MSCHAP"))) {
            problems.add(asked.get()
                    .remark("MPPE takes its keys from MS-CHAP, which no option requires, so pppd would "
                            + "have let nobody in; MSCHAPv2 was put in place of " + String.join(" and ", methods)));
            return List.of("MSCHAPv2");
        }
        return methods;
    }

    /** Never weaker than pppd: where options contradict one another about encryption, it is required. */
    private void encryption(Map<String, Object> spec, List<String> methods) {
        var encryption = new LinkedHashMap<String, Object>();
        boolean possible = methods.stream().anyMatch(it -> it.startsWith("MSCHAP"));
        if (!required.isEmpty()) {
            encryption.put("policy", "Required");
            encryption.put("keyLengths", List.copyOf(required));
            weakKeys(required);
        } else if (asked.isPresent()) {
            encryption.put("policy", "Required");
            encryption.put("keyLengths", List.of(128));
            problems.add(asked.get()
                    .remark("other options take this back, so that pppd would not encrypt at all; "
                            + "encryption.policy became Required with keys of 128 bits, because one option asks for it"));
        } else if (options.containsKey("nomppe") || !possible) {
            encryption.put("policy", "Off");
        } else {
            encryption.put("policy", "Preferred");
            var lengths = new ArrayList<>(List.of(128, 40));
            lengths.removeAll(forbidden);
            encryption.put("keyLengths", lengths.isEmpty() ? List.of(128) : lengths);
            weakKeys(lengths);
            comments.add(new Remark("encryption.policy", 0,
                    "Preferred, because no option requires MPPE, without which pppd encrypts nothing; Required keeps "
                            + "out clients that would talk in the clear"));
        }
        if (stateful) {
            encryption.put("allowStateful", true);
        }
        spec.put("encryption", encryption);
    }

    private void weakKeys(Collection<Integer> lengths) {
        if (lengths.contains(40)) {
            comments.add(new Remark("encryption.keyLengths", 0,
                    "40, because the options allow it; anybody can break 40 bits, and nearly every client has 128"));
        }
    }

    private void mtu(Map<String, Object> spec) {
        OptionalInt mtu = number("mtu", 576, 1500);
        OptionalInt mru = number("mru", 576, 1500);
        if (mtu.isPresent() && mru.isPresent() && mtu.getAsInt() != mru.getAsInt()) {
            comments.add(options.get("mru").remark("has no counterpart beside mtu: one number is for both directions"));
        }
        (mtu.isPresent() ? mtu : mru).ifPresent(it -> spec.put("mtu", it));
    }

    private void keepalive(Map<String, Object> spec) {
        var keepalive = new LinkedHashMap<String, Object>();
        seconds("lcp-echo-interval", 3600).ifPresent(it -> keepalive.put("interval", it + "s"));
        PppdOption failures = options.get("lcp-echo-failure");
        if (failures != null && failures.argument().equals("0")) {
            comments.add(failures.remark("a link is never given up for want of echoes, so none are sent"));
            keepalive.put("interval", "0s");
        } else {
            number("lcp-echo-failure", 1, 100).ifPresent(it -> keepalive.put("failures", it));
        }
        if (!keepalive.isEmpty()) {
            spec.put("keepalive", keepalive);
        }
    }

    private OptionalInt seconds(String name, int most) {
        return number(name, 0, most);
    }

    private OptionalInt number(String name, int least, int most) {
        PppdOption option = options.get(name);
        if (option == null) {
            return OptionalInt.empty();
        }
        if (!option.argument().matches("[0-9]{1,9}")) {
            problems.add(option.remark("is not a number"));
            return OptionalInt.empty();
        }
        int value = Integer.parseInt(option.argument());
        if (value < least || value > most) {
            comments.add(option.remark("was left out: it would have to be " + least + " to " + most));
            return OptionalInt.empty();
        }
        return OptionalInt.of(value);
    }
}
