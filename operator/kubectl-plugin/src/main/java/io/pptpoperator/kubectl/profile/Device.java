package io.pptpoperator.kubectl.profile;

/** What settings can be printed for. */
enum Device {
    /** Windows 10 and 11, and Windows Server: PowerShell. */
    WINDOWS("windows", "Windows (PowerShell)"),
    /** Linux desktops: nmcli. */
    NETWORK_MANAGER("networkmanager", "NetworkManager (shell)"),
    /** Linux without a desktop: pptp-linux and pppd. */
    PPTP_LINUX("pptp-linux", "pptp-linux (shell, as root)"),
    /** RouterOS. */
    MIKROTIK("mikrotik", "MikroTik (RouterOS terminal)");

    private final String label;
    private final String heading;

    Device(String label, String heading) {
        this.label = label;
        this.heading = heading;
    }

    /** What it is called on the command line. */
    String label() {
        return label;
    }

    /** What stands above its settings when there are others. */
    String heading() {
        return heading;
    }

    /** Ready to be pasted. */
    String text(DialSettings dial) {
        return switch (this) {
            case WINDOWS -> WindowsSettings.text(dial);
            case NETWORK_MANAGER -> NetworkManagerSettings.text(dial);
            case PPTP_LINUX -> PptpLinuxSettings.text(dial);
            case MIKROTIK -> MikroTikSettings.text(dial);
        };
    }
}
