package io.pptpoperator.kubectl.profile;

import io.pptpoperator.crds.Authentication.Method;
import java.util.ArrayList;
import java.util.List;

/** For the client that Windows brings along. It knows MS-CHAPv2, CHAP-MD5 and PAP, but no MS-CHAPv1. */
final class WindowsSettings {

    private WindowsSettings() {}

    static String text(DialSettings dial) {
        var lines = new ArrayList<String>();
        List<String> methods = methods(dial);
        if (methods.isEmpty()) {
            return """
                    # Windows has no authentication method in common with this server, which accepts MS-CHAPv1 only:
                    # add MSCHAPv2 to authentication.methods of the PptpServer.
                    """;
        }
        lines.add("Add-VpnConnection -Name " + quoted(dial.name()) + " -ServerAddress " + quoted(dial.server())
                + " -TunnelType Pptp -AuthenticationMethod " + String.join(",", methods) + " -EncryptionLevel "
                + encryptionLevel(dial) + (dial.isSplit() ? " -SplitTunneling" : "") + " -RememberCredential -Force");
        dial.destinations()
                .forEach(network -> lines.add("Add-VpnConnectionRoute -ConnectionName " + quoted(dial.name())
                        + " -DestinationPrefix " + network));
        if (usesWeakKeys(dial)) {
            lines.add(
                    "# This server takes no 128-bit keys, and Windows uses no others unless told so (as administrator):");
            lines.add("Set-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\RasMan\\Parameters"
                    + " -Name AllowPptpWeakCrypto -Type DWord -Value 1; Restart-Service RasMan -Force");
        }
        lines.add("rasdial " + quoted(dial.name()) + " " + quoted(dial.username()) + " "
                + dial.password().map(WindowsSettings::quoted).orElse("*"));
        return String.join("\n", lines) + "\n";
    }

    private static List<String> methods(DialSettings dial) {
        var methods = new ArrayList<String>();
        if (dial.accepts(Method.MSCHAPV2)) {
            methods.add("MSChapv2");
        } else {
            // Without keys for MPPE: only where the server does not insist on encryption.
            if (dial.accepts(Method.CHAP_MD5)) {
                methods.add("Chap");
            }
            if (dial.accepts(Method.PAP)) {
                methods.add("Pap");
            }
        }
        return methods;
    }

    private static String encryptionLevel(DialSettings dial) {
        boolean keys = dial.accepts(Method.MSCHAPV2);
        return switch (dial.encryption()) {
            case Required -> "Required";
            case Preferred -> keys ? "Required" : "Optional";
            case Off -> "NoEncryption";
        };
    }

    private static boolean usesWeakKeys(DialSettings dial) {
        return !dial.keyLengths().contains(128) && encryptionLevel(dial).equals("Required");
    }

    /** PowerShell takes a text in single quotes as it is, but for the single quote itself. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
