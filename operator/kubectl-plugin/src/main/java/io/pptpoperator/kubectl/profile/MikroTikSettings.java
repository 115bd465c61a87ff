package io.pptpoperator.kubectl.profile;

import io.pptpoperator.crds.Authentication.Method;
import java.util.ArrayList;
import java.util.stream.Collectors;

/** For RouterOS 6 and 7. */
final class MikroTikSettings {

    private MikroTikSettings() {}

    static String text(DialSettings dial) {
        var lines = new ArrayList<String>();
        String profile = dial.name() + "-pptp";
        lines.add("/ppp profile add name=" + quoted(profile) + " use-encryption=" + encryption(dial)
                + " use-compression=no change-tcp-mss=yes");
        lines.add("/interface pptp-client add name=" + quoted(dial.name()) + " connect-to="
                + (dial.server().matches("[-.0-9A-Za-z]+") ? dial.server() : quoted(dial.server())) + " user="
                + quoted(dial.username())
                + dial.password().map(password -> " password=" + quoted(password)).orElse(" password=\"\"") + " allow="
                + dial.methods().stream().map(MikroTikSettings::method).collect(Collectors.joining(",")) + " profile="
                + quoted(profile) + " add-default-route=" + (dial.isSplit() ? "no" : "yes") + " disabled=no");
        dial.destinations()
                .forEach(network -> lines
                        .add("/ip route add dst-address=" + network + " gateway=" + quoted(dial.name())));
        if (dial.password().isEmpty()) {
            lines.add("/interface pptp-client set " + quoted(dial.name()) + " password=[:terminal ask \"Password: \"]");
        }
        return String.join("\n", lines) + "\n";
    }

    private static String encryption(DialSettings dial) {
        return switch (dial.encryption()) {
            case Required -> "required";
            case Preferred -> "yes";
            case Off -> "no";
        };
    }

    private static String method(Method method) {
        return switch (method) {
            case MSCHAPV2 -> "mschap2";
            case MSCHAPV1 -> "mschap1";
            case CHAP_MD5 -> "chap";
            case PAP -> "pap";
            case EAP -> throw new IllegalArgumentException("RouterOS has no EAP for PPTP");
        };
    }

    /** RouterOS reads variables and control characters in double quotes, and shows help at a question mark. */
    private static String quoted(String text) {
        return '"' + text.replaceAll("[\\\\\"$?]", "\\\\$0") + '"';
    }
}
