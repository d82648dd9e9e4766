INSERT INTO task VALUES (
    ?1, 'incident', 1, ?2, ?3, 1, 'not requested', 0, 3, 0, 1, ?6, '6816f79cc0a8016401c5a33be04be441', 4, 0, ?4,
    'admin', ?6, 'global', '/', 0, 'admin', ?6, ?3, 'proceed', 'cancel', ?5, 'inquiry', 0, 1, 1, 0, 3
)
