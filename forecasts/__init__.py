"""Forecasts: how confidently can this trend be extrapolated?"""
