/**
 * The data plane's files from a PptpServer and its users, and the division of its pools among its pods: no two pods
 * ever lend the same address. Pure.
 */
package io.pptpoperator.operator.render;
