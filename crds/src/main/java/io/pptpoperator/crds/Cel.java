package io.pptpoperator.crds;

/**
 * Pieces of the CRDs' CEL rules. CEL in CRDs has no functions of one's own, so what several rules need is put together
 * here, by the compiler. Needs Kubernetes 1.30 or newer (its IP and CIDR libraries).
 */
final class Cel {

    /** Longest item of a pool: two dotted addresses and a dash. */
    static final int MAX_RANGE_LENGTH = 31;
    /** Longest CIDR. */
    static final int MAX_CIDR_LENGTH = 18;
    /** Longest dotted address. */
    static final int MAX_ADDRESS_LENGTH = 15;

    /** Whether the string {@code self} is an IPv4 address. */
    static final String IS_ADDRESS = "isIP(self) && ip(self).family() == 4";

    /** Behind an address: whether it is one that no host has, in 0.0.0.0/8, 127.0.0.0/8 or 224.0.0.0/3. */
    private static final String IS_NOBODYS = ".matches('^(0|127|22[4-9]|2[3-5][0-9])[.]')";
    /** Whether the address {@code self} can be a host's. */
    static final String IS_HOSTS = "!self" + IS_NOBODYS;
    /** Whether every address of the list {@code self} can be a host's. */
    static final String ARE_HOSTS = "!self.exists(a, a" + IS_NOBODYS + ")";
    /** Message for the first one that cannot. */
    static final String NOT_HOSTS = "self.filter(a, a" + IS_NOBODYS
            + ")[0] + ' cannot be the address of a host; one such as 10.0.0.53 would be right'";

    private static final String ADDRESS = "(isIP(a) && ip(a).family() == 4)";
    /** Whether every string of the list {@code self} is an IPv4 address. */
    static final String ARE_ADDRESSES = "self.all(a, " + ADDRESS + ")";
    /** Message for the first one that is not. */
    static final String BAD_ADDRESS = "self.filter(a, !" + ADDRESS
            + ")[0] + ' is not an IPv4 address such as 10.0.0.53'";

    private static final String HOST_NAME = "a.matches('^[0-9A-Za-z]([-.0-9A-Za-z]*[0-9A-Za-z])?$')";
    /** Whether every string of the list {@code self} is a host name or an IPv4 address. */
    static final String ARE_HOST_NAMES = "self.all(a, " + HOST_NAME + ")";
    /** Message for the first one that is not. */
    static final String BAD_HOST_NAME = "self.filter(a, !" + HOST_NAME
            + ")[0] + ' is neither a host name such as vpn.example.com nor an IPv4 address'";

    private static final String NETWORK = "(isCIDR(n) && cidr(n).ip().family() == 4"
            + " && cidr(n) == cidr(n).masked())";
    /** Whether every string of the list {@code self} is an IPv4 network without bits behind its prefix. */
    static final String ARE_NETWORKS = "self.all(n, " + NETWORK + ")";
    /** Message for the first one that is not. */
    static final String BAD_NETWORK = "self.filter(n, !" + NETWORK
            + ")[0] + ' is not an IPv4 network such as 10.0.0.0/8 (no bits set behind the prefix)'";

    private static final String WIDE = "n.matches('/[0-7]$')";
    /** Whether no network of the list {@code self} is wider than any that is private (RFC 1918). */
    static final String ARE_NO_WIDER_THAN_8 = "!self.exists(n, " + WIDE + ")";
    /** Message for the first one that is. */
    static final String TOO_WIDE = "self.filter(n, " + WIDE + ")[0] + ' takes in more than a /8: it would lead other"
            + " hosts\\' traffic to clients; name the networks that are meant'";

    private static final String FIRST = "p.split('-')[0]";
    /** As in remoteip, a lone number behind the dash replaces the last octet. */
    private static final String LAST = "(!p.contains('-') ? p : p.split('-')[1].contains('.')"
            + " ? p.split('-')[1] : p.substring(0, p.lastIndexOf('.') + 1) + p.split('-')[1])";
    /** Behind a list of one split address: the address as a number. */
    private static final String NUMBER = ".map(o, int(o[0]) * 16777216 + int(o[1]) * 65536 + int(o[2]) * 256"
            + " + int(o[3]))[0]";
    private static final String FIRST_NUMBER = "[" + FIRST + ".split('.')]" + NUMBER;
    private static final String LAST_NUMBER = "[" + LAST + ".split('.')]" + NUMBER;

    private static final String RANGE = "(p.contains('/')"
            + " ? isCIDR(p) && cidr(p).ip().family() == 4 && cidr(p) == cidr(p).masked()"
            + " : p.split('-').size() <= 2 && isIP(" + FIRST + ") && ip(" + FIRST + ").family() == 4 && isIP(" + LAST
            + ") && ip(" + LAST + ").family() == 4)";
    /** Whether every string of the list {@code self} is a pool item. */
    static final String ARE_RANGES = "self.all(p, " + RANGE + ")";
    /** Message for the first one that is not. */
    static final String BAD_RANGE = "self.filter(p, !" + RANGE + ")[0] + ' is not a range such as"
            + " 192.168.10.100-200, 192.168.10.100-192.168.11.50, 10.8.0.0/24 (no bits set behind the prefix) or"
            + " 10.8.0.7'";

    private static final String ORDERED = "(!p.contains('-') || !" + RANGE + " || " + FIRST_NUMBER + " <= "
            + LAST_NUMBER + ")";
    /** Whether no pool item of the list {@code self} ends before it starts. */
    static final String ARE_ORDERED = "self.all(p, " + ORDERED + ")";
    /** Message for the first one that does. */
    static final String NOT_ORDERED = "self.filter(p, !" + ORDERED + ")[0] + ' ends before it starts'";

    /** Whether pool item {@code p} has addresses that no host has. */
    private static final String HAS_NOBODYS = "(" + RANGE + " && (p.contains('/')"
            + " ? ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'].exists(n, cidr(n).containsCIDR(cidr(p)) ||"
            + " cidr(p).containsCIDR(cidr(n)))" + " : " + FIRST_NUMBER + " < 16777216 || " + LAST_NUMBER
            + " >= 3758096384 || " + FIRST_NUMBER + " < 2147483648 && " + LAST_NUMBER + " >= 2130706432))";
    /** Whether every address of the pool items {@code self} can be a host's. */
    static final String ARE_HOSTS_RANGES = "!self.exists(p, " + HAS_NOBODYS + ")";
    /** Message for the first item with others. */
    static final String NOT_HOSTS_RANGE = "self.filter(p, " + HAS_NOBODYS
            + ")[0] + ' has addresses that cannot be a host\\'s; private ones such as 192.168.10.100-200 would be"
            + " right'";

    private static final String LOCAL_NUMBER = "[self.localIP.split('.')]" + NUMBER;
    /** Whether pool item {@code p} holds {@code self.localIP}. */
    private static final String HOLDS_LOCAL_IP = "(" + RANGE + " && (p.contains('/')"
            + " ? cidr(p).containsIP(self.localIP) : " + FIRST_NUMBER + " <= " + LOCAL_NUMBER + " && " + LOCAL_NUMBER
            + " <= " + LAST_NUMBER + "))";
    /** Whether the spec {@code self} keeps its local address out of its pools. */
    static final String LOCAL_IP_IS_NO_CLIENTS = "!isIP(self.localIP) || !self.pools.exists(p, " + HOLDS_LOCAL_IP
            + ") || has(self.exclude) && self.exclude.exists(p, " + HOLDS_LOCAL_IP + ")";

    private Cel() {}
}
