/**
 * RADIUS as a network access server speaks it: packets, attributes and their authentication (RFC 2865, 2866, 2869, 3579),
 * logins and what they grant (with RFC 2548's and vendors' attributes), accounting, dynamic authorization (RFC 5176). Bytes
 * in, values out: it knows no socket and no clock; whoever sends draws the random bytes and says what time it is.
 */
package io.pptpoperator.protocol.radius;
