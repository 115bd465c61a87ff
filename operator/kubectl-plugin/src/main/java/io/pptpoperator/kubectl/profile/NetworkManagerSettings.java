package io.pptpoperator.kubectl.profile;

import io.pptpoperator.crds.Authentication.Method;
import io.pptpoperator.crds.Encryption;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** For NetworkManager with its PPTP plugin, by nmcli. Unless told otherwise the plugin asks for no encryption. */
final class NetworkManagerSettings {

    private NetworkManagerSettings() {}

    static String text(DialSettings dial) {
        var command = new ArrayList<String>();
        command.add("nmcli connection add type vpn vpn-type pptp con-name " + ShellText.quoted(dial.name()));
        command.add("vpn.data " + ShellText.quoted(data(dial)));
        dial.password()
                .ifPresent(
                        password -> command.add("vpn.secrets " + ShellText.quoted("password = " + escaped(password))));
        if (dial.isSplit()) {
            command.add("ipv4.never-default yes ipv4.routes " + ShellText
                    .quoted(dial.destinations().stream().map(Ipv4Prefix::toString).collect(Collectors.joining(","))));
        }
        return "# needs the package network-manager-pptp (Fedora: NetworkManager-pptp)\n"
                + String.join(" \\\n    ", command) + "\n"
                + (dial.password().isPresent() ? "nmcli connection up " : "nmcli --ask connection up ")
                + ShellText.quoted(dial.name()) + "\n";
    }

    private static String data(DialSettings dial) {
        var data = new LinkedHashMap<String, String>();
        data.put("gateway", dial.server());
        data.put("user", dial.username());
        data.put("password-flags", dial.password().isPresent() ? "0" : "2");
        data.put("refuse-eap", "yes");
        refuseUnless(dial, Method.PAP, "refuse-pap", data);
        refuseUnless(dial, Method.CHAP_MD5, "refuse-chap", data);
        refuseUnless(dial, Method.MSCHAPV1, "refuse-mschap", data);
        refuseUnless(dial, Method.MSCHAPV2, "refuse-mschapv2", data);
        if (dial.encryption() != Encryption.Policy.Off && yieldsKeys(dial)) {
            data.put(dial.keyLengths().contains(128) ? "require-mppe-128" : "require-mppe", "yes");
        }
        data.put("nobsdcomp", "yes");
        data.put("nodeflate", "yes");
        data.put("no-vj-comp", "yes");
        data.put("lcp-echo-interval", "20");
        data.put("lcp-echo-failure", "6");
        return data.entrySet()
                .stream()
                .map(it -> it.getKey() + " = " + escaped(it.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static void refuseUnless(DialSettings dial, Method method, String option, Map<String, String> data) {
        // What yields no keys is of no use where encryption is required.
        boolean useful = dial.encryption() != Encryption.Policy.Required || method.worksWithNtHash();
        if (!dial.accepts(method) || !useful) {
            data.put(option, "yes");
        }
    }

    private static boolean yieldsKeys(DialSettings dial) {
        return dial.methods().stream().anyMatch(Method::worksWithNtHash);
    }

    /** A comma would end the value. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,");
    }
}
