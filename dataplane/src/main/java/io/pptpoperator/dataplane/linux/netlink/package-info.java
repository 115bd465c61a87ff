/**
 * Netlink: links, addresses and routes through rtnetlink, firewall rules through nfnetlink, without any program or
 * library but the kernel. Messages are written and read by pure classes; {@code NetlinkSocket} moves them.
 *
 * <p>Headers and attributes of rtnetlink are in the machine's byte order, nf_tables' numbers in network order
 * (linux/netlink.h, linux/rtnetlink.h, linux/netfilter/nf_tables.h; netlink(7), rtnetlink(7)).
 */
package io.pptpoperator.dataplane.linux.netlink;
