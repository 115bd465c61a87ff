package io.pptpoperator.crds;

/**
 * Pieces of the CRDs' CEL rules. CEL in CRDs has no functions of one's own, so what several rules need is put together
 * here, by the compiler. Needs Kubernetes 1.31 or newer (its IP and CIDR libraries), whose API servers work out beforehand
 * what a rule may cost: before 1.32 the comparison of two networks, or of two strings of unknown length, may cost too
 * much.
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
    /** Message for one that is not. */
    static final String NO_ADDRESS = "self + ' is not an IPv4 address such as 10.0.0.53'";

    /** Behind an address: whether it is one that no host has, in 0.0.0.0/8, 127.0.0.0/8 or 224.0.0.0/3. */
    private static final String IS_NOBODYS = ".matches('^(0|127|22[4-9]|2[3-5][0-9])[.]')";
    /** Whether the address {@code self} can be a host's. */
    static final String IS_HOSTS = "!self" + IS_NOBODYS;
    /** Message for one that cannot. */
    static final String NO_HOSTS = "self + ' cannot be the address of a host; one such as 10.0.0.53 would be right'";

    /** Whether the string {@code self} is a host name or an IPv4 address. */
    static final String IS_HOST_NAME = "self.matches('^[0-9A-Za-z]([-.0-9A-Za-z]*[0-9A-Za-z])?$')";
    /** Message for one that is not. */
    static final String NO_HOST_NAME = "self + ' is neither a host name such as vpn.example.com nor an IPv4 address'";

    /** Whether the string {@code self} is an IPv4 network without bits behind its prefix. */
    static final String IS_NETWORK = "isCIDR(self) && cidr(self).ip().family() == 4"
            + " && self == string(cidr(self).masked())";
    /** Message for one that is not. */
    static final String NO_NETWORK = "self + ' is not an IPv4 network such as 10.0.0.0/8 (no bits set behind the prefix)'";

    /** Whether the network {@code self} is no wider than any that is private (RFC 1918). */
    static final String IS_NO_WIDER_THAN_8 = "!self.matches('/[0-7]$')";
    /** Message for one that is. */
    static final String TOO_WIDE = "self + ' takes in more than a /8: it would lead other"
            + " hosts\\' traffic to clients; name the networks that are meant'";

    private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    /** Whether the string {@code self} can be a namespace's name. */
    static final String IS_NAMESPACE = "self.matches('^" + DNS_LABEL + "$')";
    /** Message for one that cannot. */
    static final String NO_NAMESPACE = "self + ' cannot be the name of a namespace: those have lower-case letters,"
            + " digits and dashes, such as vpn'";
    /** Whether the string {@code self} can be the name of an object such as a Secret. */
    static final String IS_NAME = "self.matches('^" + DNS_LABEL + "([.]" + DNS_LABEL + ")*$')";
    /** Message for one that cannot. */
    static final String NO_NAME = "self + ' cannot be a name: those have lower-case letters, digits, dashes and dots,"
            + " such as alice-password'";

    private static final String FIRST = "p.split('-')[0]";
    /** As in remoteip, a lone number behind the dash replaces the last octet. */
    private static final String LAST = "(!p.contains('-') ? p : p.split('-')[1].contains('.')"
            + " ? p.split('-')[1] : p.substring(0, p.lastIndexOf('.') + 1) + p.split('-')[1])";
    /** Behind a list of one split address: the address as a number. */
    private static final String NUMBER = ".map(o, int(o[0]) * 16777216 + int(o[1]) * 65536 + int(o[2]) * 256"
            + " + int(o[3]))[0]";
    private static final String FIRST_NUMBER = "[" + FIRST + ".split('.')]" + NUMBER;
    private static final String LAST_NUMBER = "[" + LAST + ".split('.')]" + NUMBER;

    private static final String IS_MASKED = "(p.contains('/') ? isCIDR(p) && cidr(p).ip().family() == 4"
            + " && string(cidr(p).masked()) == ";
    private static final String OR_RANGE = " : p.split('-').size() <= 2 && isIP(" + FIRST + ") && ip(" + FIRST
            + ").family() == 4 && isIP(" + LAST + ") && ip(" + LAST + ").family() == 4)";
    /** Of the items of a list, of which the API server knows how long they can be. */
    private static final String RANGE = IS_MASKED + "p" + OR_RANGE;
    /** Of {@code self}, which is {@code p}: how long that is, it does not know. */
    private static final String OWN_RANGE = IS_MASKED + "self" + OR_RANGE;
    /** Whether the string {@code self} is a pool item. */
    static final String IS_RANGE = "[self].all(p, " + OWN_RANGE + ")";
    /** Message for one that is not. */
    static final String NO_RANGE = "self + ' is not a range such as"
            + " 192.168.10.100-200, 192.168.10.100-192.168.11.50, 10.8.0.0/24 (no bits set behind the prefix) or"
            + " 10.8.0.7'";

    private static final String ORDERED = "(!p.contains('-') || !" + OWN_RANGE + " || " + FIRST_NUMBER + " <= "
            + LAST_NUMBER + ")";
    /** Whether the pool item {@code self} does not end before it starts. */
    static final String IS_ORDERED = "[self].all(p, " + ORDERED + ")";
    /** Message for one that does. */
    static final String NOT_ORDERED = "self + ' ends before it starts'";

    /** Whether pool item {@code p} has addresses that no host has. */
    private static final String HAS_NOBODYS = "(" + OWN_RANGE + " && (p.contains('/')"
            + " ? ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'].exists(n, cidr(n).containsIP(cidr(p).ip()) ||"
            + " cidr(p).containsIP(cidr(n).ip()))" + " : " + FIRST_NUMBER + " < 16777216 || " + LAST_NUMBER
            + " >= 3758096384 || " + FIRST_NUMBER + " < 2147483648 && " + LAST_NUMBER + " >= 2130706432))";
    /** Whether every address of the pool item {@code self} can be a host's. */
    static final String IS_HOSTS_RANGE = "![self].exists(p, " + HAS_NOBODYS + ")";
    /** Message for one with others. */
    static final String NO_HOSTS_RANGE = "self + ' has addresses that cannot be a host\\'s; private ones such as 192.168.10.100-200 would be"
            + " right'";

    private static final String LOCAL_NUMBER = "[self.localIP.split('.')]" + NUMBER;
    /** Whether pool item {@code p} holds {@code self.localIP}. */
    private static final String HOLDS_LOCAL_IP = "(" + RANGE + " && (p.contains('/')"
            + " ? cidr(p).containsIP(self.localIP) : " + FIRST_NUMBER + " <= " + LOCAL_NUMBER + " && " + LOCAL_NUMBER
            + " <= " + LAST_NUMBER + "))";
    /** Whether the spec {@code self} keeps its local address out of its pools. */
    static final String LOCAL_IP_IS_NO_CLIENTS = "!has(self.localIP) || !isIP(self.localIP) || !self.pools.exists(p, "
            + HOLDS_LOCAL_IP + ") || has(self.exclude) && self.exclude.exists(p, " + HOLDS_LOCAL_IP + ")";

    private Cel() {}
}
