package io.pptpoperator.protocol.radius;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The attributes that this library gives a meaning, under their names in the RFCs and in FreeRADIUS' dictionaries. */
public enum AttributeType {
    USER_NAME("User-Name", 1), USER_PASSWORD("User-Password", 2), CHAP_PASSWORD("CHAP-Password", 3),
    NAS_IP_ADDRESS("NAS-IP-Address", 4), NAS_PORT("NAS-Port", 5), SERVICE_TYPE("Service-Type", 6),
    FRAMED_PROTOCOL("Framed-Protocol", 7), FRAMED_IP_ADDRESS("Framed-IP-Address", 8),
    FRAMED_IP_NETMASK("Framed-IP-Netmask", 9), FILTER_ID("Filter-Id", 11), FRAMED_MTU("Framed-MTU", 12),
    FRAMED_COMPRESSION("Framed-Compression", 13), REPLY_MESSAGE("Reply-Message", 18), FRAMED_ROUTE("Framed-Route", 22),
    STATE("State", 24), CLASS("Class", 25), SESSION_TIMEOUT("Session-Timeout", 27), IDLE_TIMEOUT("Idle-Timeout", 28),
    CALLED_STATION_ID("Called-Station-Id", 30), CALLING_STATION_ID("Calling-Station-Id", 31),
    NAS_IDENTIFIER("NAS-Identifier", 32), PROXY_STATE("Proxy-State", 33), ACCT_STATUS_TYPE("Acct-Status-Type", 40),
    ACCT_DELAY_TIME("Acct-Delay-Time", 41), ACCT_INPUT_OCTETS("Acct-Input-Octets", 42),
    ACCT_OUTPUT_OCTETS("Acct-Output-Octets", 43), ACCT_SESSION_ID("Acct-Session-Id", 44),
    ACCT_AUTHENTIC("Acct-Authentic", 45), ACCT_SESSION_TIME("Acct-Session-Time", 46),
    ACCT_INPUT_PACKETS("Acct-Input-Packets", 47), ACCT_OUTPUT_PACKETS("Acct-Output-Packets", 48),
    ACCT_TERMINATE_CAUSE("Acct-Terminate-Cause", 49), ACCT_INPUT_GIGAWORDS("Acct-Input-Gigawords", 52),
    ACCT_OUTPUT_GIGAWORDS("Acct-Output-Gigawords", 53), EVENT_TIMESTAMP("Event-Timestamp", 55),
    CHAP_CHALLENGE("CHAP-Challenge", 60), NAS_PORT_TYPE("NAS-Port-Type", 61), PORT_LIMIT("Port-Limit", 62),
    TUNNEL_TYPE("Tunnel-Type", 64), TUNNEL_MEDIUM_TYPE("Tunnel-Medium-Type", 65),
    TUNNEL_CLIENT_ENDPOINT("Tunnel-Client-Endpoint", 66), TUNNEL_SERVER_ENDPOINT("Tunnel-Server-Endpoint", 67),
    EAP_MESSAGE("EAP-Message", 79), MESSAGE_AUTHENTICATOR("Message-Authenticator", 80),
    ACCT_INTERIM_INTERVAL("Acct-Interim-Interval", 85), NAS_PORT_ID("NAS-Port-Id", 87), FRAMED_POOL("Framed-Pool", 88),
    ERROR_CAUSE("Error-Cause", 101), SESSION_OCTETS_LIMIT("Session-Octets-Limit", 227),
    OCTETS_DIRECTION("Octets-Direction", 228),

    MS_CHAP_RESPONSE("MS-CHAP-Response", Vendor.MICROSOFT, 1), MS_CHAP_ERROR("MS-CHAP-Error", Vendor.MICROSOFT, 2),
    MS_MPPE_ENCRYPTION_POLICY("MS-MPPE-Encryption-Policy", Vendor.MICROSOFT, 7),
    MS_MPPE_ENCRYPTION_TYPES("MS-MPPE-Encryption-Types", Vendor.MICROSOFT, 8),
    MS_CHAP_DOMAIN("MS-CHAP-Domain", Vendor.MICROSOFT, 10),
    MS_CHAP_CHALLENGE("MS-CHAP-Challenge", Vendor.MICROSOFT, 11),
    MS_CHAP_MPPE_KEYS("MS-CHAP-MPPE-Keys", Vendor.MICROSOFT, 12),
    MS_MPPE_SEND_KEY("MS-MPPE-Send-Key", Vendor.MICROSOFT, 16),
    MS_MPPE_RECV_KEY("MS-MPPE-Recv-Key", Vendor.MICROSOFT, 17),
    MS_CHAP2_RESPONSE("MS-CHAP2-Response", Vendor.MICROSOFT, 25),
    MS_CHAP2_SUCCESS("MS-CHAP2-Success", Vendor.MICROSOFT, 26),
    MS_PRIMARY_DNS_SERVER("MS-Primary-DNS-Server", Vendor.MICROSOFT, 28),
    MS_SECONDARY_DNS_SERVER("MS-Secondary-DNS-Server", Vendor.MICROSOFT, 29),
    MS_PRIMARY_NBNS_SERVER("MS-Primary-NBNS-Server", Vendor.MICROSOFT, 30),
    MS_SECONDARY_NBNS_SERVER("MS-Secondary-NBNS-Server", Vendor.MICROSOFT, 31),

    ASCEND_DATA_RATE("Ascend-Data-Rate", Vendor.ASCEND, 197), ASCEND_XMIT_RATE("Ascend-Xmit-Rate", Vendor.ASCEND, 255),
    WISPR_BANDWIDTH_MAX_UP("WISPr-Bandwidth-Max-Up", Vendor.WISPR, 7),
    WISPR_BANDWIDTH_MAX_DOWN("WISPr-Bandwidth-Max-Down", Vendor.WISPR, 8),
    CHILLISPOT_MAX_INPUT_OCTETS("ChilliSpot-Max-Input-Octets", Vendor.CHILLISPOT, 1),
    CHILLISPOT_MAX_OUTPUT_OCTETS("ChilliSpot-Max-Output-Octets", Vendor.CHILLISPOT, 2),
    CHILLISPOT_MAX_TOTAL_OCTETS("ChilliSpot-Max-Total-Octets", Vendor.CHILLISPOT, 3),
    CHILLISPOT_MAX_INPUT_GIGAWORDS("ChilliSpot-Max-Input-Gigawords", Vendor.CHILLISPOT, 21),
    CHILLISPOT_MAX_OUTPUT_GIGAWORDS("ChilliSpot-Max-Output-Gigawords", Vendor.CHILLISPOT, 22),
    CHILLISPOT_MAX_TOTAL_GIGAWORDS("ChilliSpot-Max-Total-Gigawords", Vendor.CHILLISPOT, 23),
    MIKROTIK_RECV_LIMIT("Mikrotik-Recv-Limit", Vendor.MIKROTIK, 1),
    MIKROTIK_XMIT_LIMIT("Mikrotik-Xmit-Limit", Vendor.MIKROTIK, 2),
    MIKROTIK_RATE_LIMIT("Mikrotik-Rate-Limit", Vendor.MIKROTIK, 8),
    MIKROTIK_RECV_LIMIT_GIGAWORDS("Mikrotik-Recv-Limit-Gigawords", Vendor.MIKROTIK, 14),
    MIKROTIK_XMIT_LIMIT_GIGAWORDS("Mikrotik-Xmit-Limit-Gigawords", Vendor.MIKROTIK, 15),
    MIKROTIK_TOTAL_LIMIT("Mikrotik-Total-Limit", Vendor.MIKROTIK, 17),
    MIKROTIK_TOTAL_LIMIT_GIGAWORDS("Mikrotik-Total-Limit-Gigawords", Vendor.MIKROTIK, 18);

    /** Private enterprise numbers. */
    static final class Vendor {
        static final int MICROSOFT = 311;
        static final int ASCEND = 529;
        static final int WISPR = 14122;
        static final int CHILLISPOT = 14559;
        static final int MIKROTIK = 14988;

        private Vendor() {}
    }

    private record Key(int vendor, int number) {}

    private static final Map<Key, AttributeType> BY_NUMBER = new HashMap<>();

    static {
        for (AttributeType type : values()) {
            BY_NUMBER.put(new Key(type.vendor, type.number), type);
        }
    }

    private final String label;
    private final int vendor;
    private final int number;

    AttributeType(String label, int number) {
        this(label, RadiusAttribute.NO_VENDOR, number);
    }

    AttributeType(String label, int vendor, int number) {
        this.label = label;
        this.vendor = vendor;
        this.number = number;
    }

    /** Its name. */
    public String label() {
        return label;
    }

    /** Private enterprise number of whoever defined it, or {@link RadiusAttribute#NO_VENDOR}. */
    public int vendor() {
        return vendor;
    }

    /** The Type field, or the vendor's. */
    public int number() {
        return number;
    }

    /** The type with these numbers, if it has a meaning here. */
    public static Optional<AttributeType> of(int vendor, int number) {
        return Optional.ofNullable(BY_NUMBER.get(new Key(vendor, number)));
    }
}
