/**
 * The data plane's files from a PptpServer, its users and the division of its pools. Pure.
 */
package io.pptpoperator.operator.render;
