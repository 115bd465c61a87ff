package io.pptpoperator.kubectl.profile;

import io.pptpoperator.crds.Authentication.Method;
import io.pptpoperator.crds.Encryption;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** For pptp-linux and pppd: a file of options for {@code pon}, {@code poff} and {@code pppd call}. */
final class PptpLinuxSettings {

    private PptpLinuxSettings() {}

    static String text(DialSettings dial) {
        String file = "/etc/ppp/peers/" + dial.name();
        return "# needs the package pptp-linux\n" + "install -m 600 /dev/null " + file + "\n" + "cat > " + file
                + " <<'END-OF-OPTIONS'\n" + String.join("\n", options(dial)) + "\n" + "END-OF-OPTIONS\n"
                + (dial.isSplit() ? "" : routeToServer(dial)) + "pppd call " + dial.name() + " updetach\n"
                + "for network in " + networks(dial) + "; do\n"
                + "    ip route replace $network dev \"$(sed -n 2p /run/ppp-" + dial.name() + ".pid)\"\n" + "done\n";
    }

    /** The tunnel's own packets must not go into the tunnel. */
    private static String routeToServer(DialSettings dial) {
        return "server=$(getent ahostsv4 " + ShellText.word(dial.server()) + " | sed -n '1s/ .*//p')\n"
                + "ip route replace $server $(ip -4 route get $server | sed -n '1s/^[^ ]* \\(.*\\) src .*/\\1/p')\n";
    }

    /** Two halves of everything leave the machine's default route where it is. */
    private static String networks(DialSettings dial) {
        return dial.isSplit()
                ? dial.destinations().stream().map(Ipv4Prefix::toString).collect(Collectors.joining(" "))
                : "0.0.0.0/1 128.0.0.0/1";
    }

    private static List<String> options(DialSettings dial) {
        var options = new ArrayList<String>();
        // pppd has a shell run it.
        options.add("pty " + quoted("pptp " + ShellText.word(dial.server()) + " --nolaunchpppd"));
        options.add("linkname " + dial.name());
        options.add("user " + quoted(dial.username()));
        options.add(dial.password()
                .map(password -> "password " + quoted(password))
                .orElse("# password \"...\"       or a line in /etc/ppp/chap-secrets"));
        options.add("noauth");
        options.add("refuse-eap");
        refuseUnless(dial, Method.PAP, "refuse-pap", options);
        refuseUnless(dial, Method.CHAP_MD5, "refuse-chap", options);
        refuseUnless(dial, Method.MSCHAPV1, "refuse-mschap", options);
        refuseUnless(dial, Method.MSCHAPV2, "refuse-mschap-v2", options);
        if (dial.encryption() != Encryption.Policy.Off && dial.methods().stream().anyMatch(Method::worksWithNtHash)) {
            options.add(dial.keyLengths().contains(128) ? "require-mppe-128" : "require-mppe");
        }
        options.addAll(List.of("nobsdcomp", "nodeflate", "novj", "noipdefault", "usepeerdns", "nodefaultroute",
                "mtu 1400", "mru 1400", "lcp-echo-interval 20", "lcp-echo-failure 6"));
        return options;
    }

    private static void refuseUnless(DialSettings dial, Method method, String option, List<String> options) {
        boolean useful = dial.encryption() != Encryption.Policy.Required || method.worksWithNtHash();
        if (!dial.accepts(method) || !useful) {
            options.add(option);
        }
    }

    /** Words of pppd's option files: in double quotes, with a backslash before what would end them. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
