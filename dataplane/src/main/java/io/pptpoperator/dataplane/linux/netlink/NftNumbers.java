package io.pptpoperator.dataplane.linux.netlink;

/** Numbers of linux/netfilter/nf_tables.h and linux/netfilter/nfnetlink.h, under their names there. */
final class NftNumbers {

    static final int NFNL_SUBSYS_NFTABLES = 10;
    static final int NFNLGRP_NFTABLES = 7;
    static final int NFNL_MSG_BATCH_BEGIN = 0x10;
    static final int NFNL_MSG_BATCH_END = 0x11;

    static final int NFT_MSG_NEWTABLE = 0;
    static final int NFT_MSG_DELTABLE = 2;
    static final int NFT_MSG_NEWCHAIN = 3;
    static final int NFT_MSG_GETCHAIN = 4;
    static final int NFT_MSG_NEWRULE = 6;
    static final int NFT_MSG_GETRULE = 7;
    static final int NFT_MSG_DELRULE = 8;
    static final int NFT_MSG_NEWSET = 9;
    static final int NFT_MSG_GETSET = 10;
    static final int NFT_MSG_NEWSETELEM = 12;
    static final int NFT_MSG_GETSETELEM = 13;
    static final int NFT_MSG_NEWOBJ = 18;
    static final int NFT_MSG_GETOBJ = 19;

    static final int NFTA_LIST_ELEM = 1;
    static final int NFTA_TABLE_NAME = 1;

    static final int NFTA_CHAIN_TABLE = 1;
    static final int NFTA_CHAIN_NAME = 3;
    static final int NFTA_CHAIN_HOOK = 4;
    static final int NFTA_CHAIN_POLICY = 5;
    static final int NFTA_CHAIN_TYPE = 7;
    static final int NFTA_HOOK_HOOKNUM = 1;
    static final int NFTA_HOOK_PRIORITY = 2;

    static final int NFTA_RULE_TABLE = 1;
    static final int NFTA_RULE_CHAIN = 2;
    static final int NFTA_RULE_HANDLE = 3;
    static final int NFTA_RULE_POSITION = 6;
    static final int NFTA_RULE_EXPRESSIONS = 4;
    static final int NFTA_RULE_USERDATA = 7;
    /** Of libnftnl: the type of a comment in a rule's user data. */
    static final int NFTNL_UDATA_RULE_COMMENT = 0;

    static final int NFTA_SET_TABLE = 1;
    static final int NFTA_SET_NAME = 2;
    static final int NFTA_SET_FLAGS = 3;
    static final int NFTA_SET_KEY_TYPE = 4;
    static final int NFTA_SET_KEY_LEN = 5;
    static final int NFTA_SET_ID = 10;
    static final int NFT_SET_INTERVAL = 0x4;
    static final int NFT_SET_TIMEOUT = 0x10;
    static final int NFT_SET_EVAL = 0x20;
    static final int NFT_SET_CONCAT = 0x80;
    static final int NFTA_SET_ELEM_LIST_TABLE = 1;
    static final int NFTA_SET_ELEM_LIST_SET = 2;
    static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    static final int NFTA_SET_ELEM_KEY = 1;
    static final int NFTA_SET_ELEM_FLAGS = 3;
    static final int NFTA_SET_ELEM_KEY_END = 10;
    static final int NFT_SET_ELEM_INTERVAL_END = 1;
    static final int NFT_SET_ELEM_CATCHALL = 2;
    /** Of nft: the data type {@code ipv4_addr}. */
    static final int TYPE_IPADDR = 7;

    static final int NFTA_EXPR_NAME = 1;
    static final int NFTA_EXPR_DATA = 2;
    static final int NFTA_DATA_VALUE = 1;
    static final int NFTA_DATA_VERDICT = 2;
    static final int NFTA_VERDICT_CODE = 1;
    static final int NFTA_VERDICT_CHAIN = 2;
    static final int NFTA_META_DREG = 1;
    static final int NFTA_META_KEY = 2;
    static final int NFTA_CMP_SREG = 1;
    static final int NFTA_CMP_OP = 2;
    static final int NFTA_CMP_DATA = 3;
    static final int NFT_CMP_EQ = 0;
    static final int NFT_CMP_NEQ = 1;
    static final int NFTA_BITWISE_SREG = 1;
    static final int NFTA_BITWISE_DREG = 2;
    static final int NFTA_BITWISE_LEN = 3;
    static final int NFTA_BITWISE_MASK = 4;
    static final int NFTA_BITWISE_XOR = 5;
    static final int NFTA_BITWISE_OP = 6;
    static final int NFTA_CT_DREG = 1;
    static final int NFTA_CT_KEY = 2;
    static final int NFT_CT_STATE = 0;
    static final int NFT_CT_STATUS = 2;
    static final int NFTA_FIB_DREG = 1;
    static final int NFTA_PAYLOAD_DREG = 1;
    static final int NFTA_PAYLOAD_BASE = 2;
    static final int NFTA_PAYLOAD_OFFSET = 3;
    static final int NFTA_PAYLOAD_LEN = 4;
    static final int NFTA_LOOKUP_SET = 1;
    static final int NFTA_LOOKUP_SREG = 2;
    static final int NFTA_LOOKUP_DREG = 3;
    static final int NFTA_LOOKUP_FLAGS = 5;
    static final int NFT_LOOKUP_F_INV = 1;
    static final int NFTA_IMMEDIATE_DREG = 1;
    static final int NFTA_IMMEDIATE_DATA = 2;
    static final int NFTA_TARGET_NAME = 1;
    static final int NFTA_TARGET_INFO = 3;
    static final int NFTA_MATCH_NAME = 1;
    static final int NFTA_MATCH_REV = 2;
    static final int NFTA_MATCH_INFO = 3;
    static final int NFTA_OBJ_TYPE = 3;
    static final int NFT_OBJECT_CT_HELPER = 3;

    static final int REGISTER_VERDICT = 0;
    static final int REGISTER_1 = 1;
    static final int NFT_REG32_00 = 8;
    static final int NETWORK_HEADER = 1;
    static final int NFPROTO_NETDEV = 5;
    static final int NF_NETDEV_EGRESS = 1;
    static final int NF_DROP = 0;
    static final int NF_ACCEPT = 1;
    static final int NFT_CONTINUE = -1;
    static final int NFT_JUMP = -3;
    static final int NFT_GOTO = -4;
    static final int NFT_RETURN = -5;
    static final int IFNAMSIZ = 16;

    /** Size of {@code struct nfgenmsg}. */
    static final int NFGENMSG = 4;

    private NftNumbers() {}

    /** The netlink message type of an {@code NFT_MSG_}. */
    static int type(int message) {
        return NFNL_SUBSYS_NFTABLES << 8 | message;
    }

    /** Begins a message: {@code struct nfgenmsg} is {@code u8 family}, {@code u8 version}, {@code be16 res_id}. */
    static MessageWriter message(int message, int flags, int family) {
        return new MessageWriter(type(message), flags).u8(family).u8(0).u8(0).u8(0);
    }
}
