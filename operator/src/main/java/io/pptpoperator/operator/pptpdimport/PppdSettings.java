package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.dataplane.address.Ipv4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

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
    private final Set<String> dns = new LinkedHashSet<>();
    private final Set<String> wins = new LinkedHashSet<>();
    private Optional<Ipv4Address> localAddress = Optional.empty();
    private boolean mppeRequired;
    private boolean mppeOff;
    private final Set<Integer> keyLengths = new LinkedHashSet<>(List.of(128, 40));
    private boolean stateful;

    PppdSettings(List<PppdOption> given, List<Remark> comments, List<Remark> problems) {
        this.comments = comments;
        this.problems = problems;
        given.forEach(this::take);
    }

    private void take(PppdOption option) {
        switch (option.name()) {
            case "ms-dns" -> server(option, dns);
            case "ms-wins" -> server(option, wins);
            case "require-mppe" -> requireMppe(Set.of(128, 40));
            case "require-mppe-128" -> requireMppe(Set.of(128));
            case "require-mppe-40" -> requireMppe(Set.of(40));
            case "nomppe" -> mppeOff = true;
            case "nomppe-128" -> keyLengths.remove(128);
            case "nomppe-40" -> keyLengths.remove(40);
            case "mppe-stateful" -> stateful = true;
            case "nomppe-stateful" -> stateful = false;
            case "mppe" -> oldMppe(option);
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

    private void server(PppdOption option, Set<String> servers) {
        try {
            String address = Ipv4Address.parse(option.argument()).toString();
            if (servers.size() == MAX_SERVERS && !servers.contains(address)) {
                comments.add(option.remark("was left out: clients take two at most"));
            } else {
                servers.add(address);
            }
        } catch (IllegalArgumentException e) {
            problems.add(option.remark(e.getMessage()));
        }
    }

    private void requireMppe(Set<Integer> lengths) {
        mppeRequired = true;
        keyLengths.retainAll(lengths);
    }

    /** The syntax of the patches that brought MPPE to pppd before 2.4.2: {@code mppe required,no40,no56,stateless}. */
    private void oldMppe(PppdOption option) {
        for (String word : option.argument().split(",", -1)) {
            switch (word) {
                case "required" -> mppeRequired = true;
                case "no40" -> keyLengths.remove(40);
                case "no128" -> keyLengths.remove(128);
                case "stateless" -> stateful = false;
                case "no56", "optional" -> {
                    // pppd of today has no 56 bit keys either, and encrypts when it can.
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
            comments.add(option
                    .remark("the address of the client is not used; pools are for all clients, and a VpnUser "
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
            spec.put("dns", List.copyOf(dns));
        }
        if (!wins.isEmpty()) {
            spec.put("wins", List.copyOf(wins));
        }
        List<String> methods = methods();
        spec.put("authentication", Map.of("methods", methods));
        encryption(spec, methods);
        mtu(spec);
        keepalive(spec);
        var sessions = new LinkedHashMap<String, Object>();
        sessions.put("perUser", 0);
        comments.add(new Remark("sessions.perUser", 0,
                "0, because pppd lets a user log in any number of times; 1 is safer"));
        seconds("idle", SECONDS_OF_A_YEAR).ifPresent(it -> sessions.put("idleTimeout", it + "s"));
        seconds("maxconnect", SECONDS_OF_A_YEAR).ifPresent(it -> sessions.put("maxDuration", it + "s"));
        spec.put("sessions", sessions);
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
        return methods;
    }

    private void encryption(Map<String, Object> spec, List<String> methods) {
        var encryption = new LinkedHashMap<String, Object>();
        boolean possible = methods.stream().anyMatch(it -> it.startsWith("MSCHAP"));
        if (mppeOff && !mppeRequired || keyLengths.isEmpty() || !possible) {
            encryption.put("policy", "Off");
            if (mppeRequired) {
                problems.add(
                        new Remark("encryption.policy", 0, "Off, because the options require MPPE and at the "
                                + "same time forbid every key length, or every method that yields keys"));
            }
        } else {
            encryption.put("policy", mppeRequired ? "Required" : "Preferred");
            encryption.put("keyLengths", List.copyOf(keyLengths));
            if (!mppeRequired) {
                comments.add(new Remark("encryption.policy", 0,
                        "Preferred, because no option requires MPPE; Required "
                                + "keeps out clients that would talk in the clear"));
            }
            if (keyLengths.contains(40)) {
                comments.add(new Remark("encryption.keyLengths", 0,
                        "40, because no option forbids it; anybody can break 40 bits, and nearly every client has 128"));
            }
        }
        if (stateful) {
            encryption.put("allowStateful", true);
        }
        spec.put("encryption", encryption);
    }

    private void mtu(Map<String, Object> spec) {
        OptionalInt mtu = number("mtu", 576, 1500);
        OptionalInt mru = number("mru", 576, 1500);
        if (mtu.isPresent() && mru.isPresent() && mtu.getAsInt() != mru.getAsInt()) {
            comments.add(options.get("mru")
                    .remark("has no counterpart beside mtu: one number is for both directions"));
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
