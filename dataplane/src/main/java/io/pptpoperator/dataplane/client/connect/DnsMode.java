package io.pptpoperator.dataplane.client.connect;

/** What becomes of the name servers that a server hands out. */
enum DnsMode {
    /** They are printed. */
    PRINT,
    /** They stand in {@code /etc/resolv.conf} while the tunnel is up. */
    APPLY
}
