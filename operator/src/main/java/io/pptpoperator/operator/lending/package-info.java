/**
 * Which pod may lend which address: the division of a server's pools among its pods, the record of it that is kept in the
 * configuration Secret, and how long pods have been away. No two pods ever lend the same address. Pure.
 */
package io.pptpoperator.operator.lending;
